package load_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load/apitest"
)

// maxRequests is what one explanation may cost.
const maxRequests = 12

func ask(t *testing.T, s *apitest.Server, change func(*load.Request), args ...string) (*load.Result, error) {
	t.Helper()
	req := load.Request{Args: args, Kube: s.Getter("shop"), ChunkSize: 500, Now: time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)}
	if change != nil {
		change(&req)
	}
	r, err := load.Load(context.Background(), req)
	for _, c := range s.Calls() {
		if (c.Verb != "get" && c.Verb != "list" && c.Verb != "version") || c.Resource == "secrets" {
			t.Errorf("the server was asked to %s", c)
		}
	}
	return r, err
}

func mustAsk(t *testing.T, s *apitest.Server, change func(*load.Request), args ...string) *load.Result {
	t.Helper()
	r, err := ask(t, s, change, args...)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return r
}

// The same subjects, owners, pods, nodes and events come from a server as from the file.
func TestSnapshotsFromServer(t *testing.T) {
	for _, file := range snapshotFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := apitest.New(t, file)
			subject := expectationOf(t, file).Subject
			fromFile, err := load.Load(context.Background(), load.Request{Filenames: []string{file}, Args: []string{subject}})
			if err != nil {
				t.Fatal(err)
			}
			ns := fromFile.Subjects[0].Namespace
			got := mustAsk(t, s, func(r *load.Request) { r.Namespace = ns }, subject)
			if diff := cmp.Diff(refsOf(fromFile.Subjects), refsOf(got.Subjects)); diff != "" {
				t.Errorf("subjects (-file +server):\n%s", diff)
			}
			if !got.Named || !got.FromCluster {
				t.Errorf("named %v, from cluster %v", got.Named, got.FromCluster)
			}
			if v := got.Snapshot.Version; v.String() != "1.36" || v.Basis != analyze.Observed {
				t.Errorf("version %v (%s)", v, v.Basis)
			}
			for _, o := range fromFile.Snapshot.Objects() {
				if got.Snapshot.Get(o.Ref) == nil && o.GroupKind() != analyze.KindEvent {
					t.Errorf("%s is not in the snapshot of the server", o)
				}
			}
			wantEvents := len(fromFile.Snapshot.Events(fromFile.Subjects[0].Ref))
			if n := len(got.Snapshot.Events(got.Subjects[0].Ref)); n != wantEvents {
				t.Errorf("%d events about the subject, want %d", n, wantEvents)
			}
			if len(got.Snapshot.Gaps) > 0 {
				t.Errorf("gaps: %v", got.Snapshot.Gaps)
			}
			if n := len(s.Calls()); n > maxRequests {
				t.Errorf("%d requests: %v", n, s.Calls())
			}
		})
	}
}

func refsOf(objects []*analyze.Object) []analyze.Ref {
	var out []analyze.Ref
	for _, o := range objects {
		out = append(out, o.Ref)
	}
	return out
}

func TestWithoutSubjectTheRootsOfTheNamespace(t *testing.T) {
	s := apitest.New(t, snapshots+"/rollout-stuck.yaml", snapshots+"/job-backoff.yaml", snapshots+"/oom.yaml")
	r := mustAsk(t, s, func(r *load.Request) { r.AllNamespaces = true })
	for _, o := range r.Subjects {
		if owner, _, found := r.Snapshot.Controller(o); found {
			t.Errorf("%s is owned by %v", o, owner)
		}
	}
	if r.Named {
		t.Error("nothing was named")
	}
	for call, n := range s.Count() {
		if n != 1 {
			t.Errorf("%s: %d requests, want one page", call, n)
		}
	}
}

func TestWorkloadOfAThousandPods(t *testing.T) {
	s := apitest.New(t, snapshots+"/rollout-stuck.yaml")
	file := mustAsk(t, s, nil, "deploy/web")
	var pod, event *unstructured.Unstructured
	for _, o := range file.Snapshot.Objects() {
		switch o.GroupKind() {
		case analyze.KindPod:
			pod = toUnstructured(t, o)
		case analyze.KindEvent:
			event = toUnstructured(t, o)
		}
	}
	var more []*unstructured.Unstructured
	for i := range 1000 {
		p := pod.DeepCopy()
		p.SetName(fmt.Sprintf("web-copy-%04d", i))
		p.SetUID("pod-" + typesUID(i))
		more = append(more, p)
		for j := range 3 {
			e := event.DeepCopy()
			e.SetName(fmt.Sprintf("web-copy-%04d.%d", i, j))
			e.SetUID(typesUID(i*10 + j))
			more = append(more, e)
		}
	}
	s.Add(more...)
	s.Reset()
	r := mustAsk(t, s, nil, "deploy/web")
	if n := len(r.Snapshot.Of(analyze.KindPod, "shop")); n < 1000 {
		t.Errorf("%d pods", n)
	}
	if n := len(s.Calls()); n > maxRequests {
		t.Errorf("%d requests: %v", n, s.Calls())
	}
}

func TestPaging(t *testing.T) {
	s := apitest.New(t, snapshots+"/rollout-stuck.yaml")
	whole := mustAsk(t, s, nil, "pods")
	var last int64
	for _, chunk := range []int64{1, 3, 0} {
		s.Reset()
		r := mustAsk(t, s, func(r *load.Request) {
			r.ChunkSize = chunk
			r.Progress = func(done, total int64) {
				if done > total {
					t.Errorf("progress %d of %d", done, total)
				}
				last = done
			}
		}, "pods")
		if diff := cmp.Diff(refsOf(whole.Subjects), refsOf(r.Subjects)); diff != "" {
			t.Errorf("chunks of %d: %s", chunk, diff)
		}
		want := len(whole.Subjects)
		switch chunk {
		case 0:
			want = 1
		case 3:
			want = (want + 2) / 3
		}
		if n := s.Count()["list pods"]; n != want {
			t.Errorf("chunks of %d: %d pages, want %d", chunk, n, want)
		}
	}
	if last == 0 {
		t.Error("no progress was reported")
	}
}

func TestExpiredPage(t *testing.T) {
	s := apitest.New(t, snapshots+"/rollout-stuck.yaml")
	want := mustAsk(t, s, nil, "pods")
	s.Fail(func(c apitest.Call) apitest.Fault {
		if c.Continue != "" {
			return apitest.Fault{Status: apierrors.NewResourceExpired("the continue token is too old")}
		}
		return apitest.Fault{}
	})
	got := mustAsk(t, s, func(r *load.Request) { r.ChunkSize = 1 }, "pods")
	if diff := cmp.Diff(refsOf(want.Subjects), refsOf(got.Subjects)); diff != "" {
		t.Errorf("after 410: %s", diff)
	}
	if len(got.Snapshot.Gaps) > 0 {
		t.Errorf("gaps: %v", got.Snapshot.Gaps)
	}
}

func TestForbidden(t *testing.T) {
	type want struct {
		err  string   // part of the message
		gaps []string // "what: why"
	}
	file := snapshots + "/crash-exit1.yaml"
	pod := "pod/web-5b9bc7cc79-kq2b8"
	for name, tt := range map[string]struct {
		allow []string
		args  []string
		want  want
	}{
		"only get pods": {
			allow: []string{"get pods"}, args: []string{pod},
			want: want{gaps: []string{
				"replicaset/web-5b9bc7cc79: forbidden", "node/node1: forbidden", `events in namespace "shop": forbidden`,
				`services in namespace "shop": forbidden`, `endpointslices.discovery.k8s.io in namespace "shop": forbidden`,
				`poddisruptionbudgets.policy in namespace "shop": forbidden`,
			}},
		},
		"no right to the subject": {allow: nil, args: []string{pod}, want: want{err: "you may not get pod \"web-5b9bc7cc79-kq2b8\" in namespace \"shop\", it is forbidden: user"}},
		"no right to list":        {allow: []string{"get pods"}, args: []string{"pods"}, want: want{err: `you may not list pods in namespace "shop", it is forbidden: user "jane" cannot list`}},
		"no right to anything":    {allow: nil, args: nil, want: want{err: `you may not list pods in namespace "shop", it is forbidden: user "jane" cannot list`}},
		"only list pods": {
			allow: []string{"list pods", "list nodes", "list events", "list services", "list endpointslices", "list poddisruptionbudgets"}, args: nil,
			want: want{gaps: []string{
				`deployments.apps in namespace "shop": forbidden`, `replicasets.apps in namespace "shop": forbidden`,
				`statefulsets.apps in namespace "shop": forbidden`, `daemonsets.apps in namespace "shop": forbidden`,
				`jobs.batch in namespace "shop": forbidden`, `cronjobs.batch in namespace "shop": forbidden`,
				`replicationcontrollers in namespace "shop": forbidden`, "replicaset/web-5b9bc7cc79: forbidden",
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := apitest.New(t, file)
			s.AllowOnly(tt.allow...)
			r, err := ask(t, s, nil, tt.args...)
			if tt.want.err != "" {
				var ue *load.UserError
				if !errors.As(err, &ue) || !strings.Contains(ue.Message, tt.want.err) {
					t.Fatalf("error %v, want %q", err, tt.want.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]bool{}
			for _, g := range r.Snapshot.Gaps {
				got[g.What+": "+g.Why] = true
			}
			want := map[string]bool{}
			for _, g := range tt.want.gaps {
				want[g] = true
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
			if r.Snapshot.Sees(analyze.KindDeployment, "shop") {
				t.Error("deployments were not seen")
			}
		})
	}
}

func TestBrokenServers(t *testing.T) {
	file := snapshots + "/oom.yaml"
	subject := expectationOf(t, file).Subject
	t.Run("lists that break off are gaps", func(t *testing.T) {
		s := apitest.New(t, file)
		s.Fail(func(c apitest.Call) apitest.Fault { return apitest.Fault{Cut: c.Resource == "services"} })
		r := mustAsk(t, s, nil, subject)
		if len(r.Snapshot.Gaps) != 1 || r.Snapshot.Gaps[0].Why != "the connection broke off" {
			t.Errorf("gaps %v", r.Snapshot.Gaps)
		}
	})
	t.Run("one broken answer is asked for again", func(t *testing.T) {
		s := apitest.New(t, file)
		once := true
		s.Fail(func(c apitest.Call) apitest.Fault {
			cut := c.Resource == "services" && once
			once = once && !cut
			return apitest.Fault{Cut: cut}
		})
		if r := mustAsk(t, s, nil, subject); len(r.Snapshot.Gaps) > 0 {
			t.Errorf("gaps %v", r.Snapshot.Gaps)
		}
	})
	for name, tt := range map[string]struct {
		fault apitest.Fault
		want  string
	}{
		"expired credentials": {apitest.Fault{Status: apierrors.NewUnauthorized("token has expired")}, "does not accept your credentials"},
		"too slow":            {apitest.Fault{Delay: time.Minute}, "does not answer"},
		"server error":        {apitest.Fault{Status: apierrors.NewInternalError(errors.New("etcd is gone"))}, "etcd is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			s := apitest.New(t, file)
			s.Fail(func(apitest.Call) apitest.Fault { return tt.fault })
			for _, args := range [][]string{{subject}, {"pods"}, nil} {
				kube := s.Getter("shop")
				kube.Config.Timeout = 200 * time.Millisecond
				_, err := ask(t, s, func(r *load.Request) { r.Kube = kube }, args...)
				if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%v: error %v, want one line with %q", args, err, tt.want)
				}
			}
		})
	}
	t.Run("a server that goes away", func(t *testing.T) {
		for after := range maxRequests {
			s := apitest.New(t, file)
			served, dropped := atomic.Int64{}, atomic.Int64{}
			s.Fail(func(apitest.Call) apitest.Fault {
				if served.Add(1) <= int64(after) {
					return apitest.Fault{}
				}
				dropped.Add(1)
				return apitest.Fault{Status: apierrors.NewInternalError(errors.New("gone"))}
			})
			r, err := ask(t, s, nil, subject)
			if (err != nil) != (after == 0) {
				t.Fatalf("after %d requests: error %v", after, err)
			}
			if dropped.Load() == 0 {
				return
			}
			if err == nil && len(r.Snapshot.Gaps) == 0 {
				t.Errorf("after %d requests: no gap", after)
			}
		}
		t.Error("there was no end of requests")
	})
	t.Run("nobody there", func(t *testing.T) {
		s := apitest.New(t, file)
		kube := s.Getter("shop")
		kube.Config.Host = "https://127.0.0.1:1"
		_, err := ask(t, s, func(r *load.Request) { r.Kube = kube }, subject)
		if err == nil || err.Error() != "the connection to the cluster at https://127.0.0.1:1 was refused" {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no Kubernetes", func(t *testing.T) {
		h := httptest.NewServer(http.NotFoundHandler())
		defer h.Close()
		s := apitest.New(t, file)
		kube := s.Getter("shop")
		kube.Config.Host = h.URL
		for _, args := range [][]string{{subject}, {"pods"}, nil} {
			_, err := ask(t, s, func(r *load.Request) { r.Kube = kube }, args...)
			if err == nil || !strings.Contains(err.Error(), "the server at "+h.URL+" does not serve pods (v1)") {
				t.Errorf("%v: error %v", args, err)
			}
		}
	})
	t.Run("no such host", func(t *testing.T) {
		s := apitest.New(t, file)
		kube := s.Getter("shop")
		kube.Config.Host = "https://nowhere.invalid"
		_, err := ask(t, s, func(r *load.Request) { r.Kube = kube }, subject)
		if err == nil || !strings.Contains(err.Error(), "nowhere.invalid cannot be found") {
			t.Errorf("error %v", err)
		}
	})
}

func TestMissingSubject(t *testing.T) {
	s := apitest.New(t, snapshots+"/crash-exit1.yaml")
	for name, tt := range map[string]struct {
		ns, arg string
		want    load.UserError
	}{
		"near": {"shop", "deploy/wbe", load.UserError{
			Message: `deployment "wbe" not found in namespace "shop"`,
			Hints:   []string{"did you mean   deployment/web", "see them all   kubectl get deployments.apps -n shop"},
		}},
		"prefix": {"shop", "pod/web-5b9bc7cc79-kq2", load.UserError{
			Message: `pod "web-5b9bc7cc79-kq2" not found in namespace "shop"`,
			Hints: []string{
				"did you mean   pod/web-5b9bc7cc79-kq2b8   or   pod/web-5b9bc7cc79-n2vb6", "see them all   kubectl get pods -n shop",
			},
		}},
		"elsewhere": {"prod", "deploy/web", load.UserError{
			Message: `deployment "web" not found in namespace "prod"`,
			Hints:   []string{"did you mean   deployment/web -n shop", "see them all   kubectl get deployments.apps -n prod"},
		}},
		"type": {"shop", "deploymnt/web", load.UserError{
			Message: `the cluster has no resource type "deploymnt"`,
			Hints:   []string{"did you mean   deployment   or   deployments"},
		}},
		"secret": {"shop", "secret/token", load.UserError{Message: "secrets are never read, and have no life cycle"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ask(t, s, func(r *load.Request) { r.Namespace = tt.ns }, tt.arg)
			var ue *load.UserError
			if !errors.As(err, &ue) {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(tt.want, load.UserError{Message: ue.Message, Hints: ue.Hints}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
