package load_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
)

// recording is what a server said; shop and prod both have a pod "web".
const recording = `apiVersion: v1
kind: List
items:
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, uid: d1}}
- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, namespace: shop, uid: r1, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: web-1-abcde, namespace: shop, uid: p1, labels: {app: web}, creationTimestamp: "2026-11-21T10:00:00Z", ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r1, controller: true}]}, spec: {nodeName: n1}, status: {phase: Running}}
- {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, uid: p2}, status: {phase: Pending}}
- {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: prod, uid: p3}, spec: {nodeName: n1}, status: {phase: Running}}
- {apiVersion: v1, kind: Pod, metadata: {name: static, namespace: kube-system, uid: p4, ownerReferences: [{apiVersion: v1, kind: Node, name: n1, uid: n1, controller: true}]}, spec: {nodeName: n1}, status: {phase: Running}}
- {apiVersion: v1, kind: Node, metadata: {name: n1, uid: n1}, status: {nodeInfo: {kubeletVersion: v1.33.5}}}
- {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: canary, namespace: shop, uid: ro}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop, uid: cm}, data: {a: b}}
`

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
---
apiVersion: v1
kind: Service
metadata: {name: web}
`

func TestSubjectsOfFiles(t *testing.T) {
	for name, tt := range map[string]struct {
		input  string
		change func(*load.Request)
		args   string
		want   string
		named  bool
	}{
		"by name":                   {input: recording, args: "deploy/web", want: "deployment/web", named: true},
		"type and name":             {input: recording, args: "deployments.apps web", want: "deployment/web", named: true},
		"with version":              {input: recording, args: "deployment.v1.apps/web", want: "deployment/web", named: true},
		"capitals":                  {input: recording, args: "Deployment/web", want: "deployment/web", named: true},
		"custom kind":               {input: recording, args: "rollouts.argoproj.io/canary", want: "rollout/canary", named: true},
		"node":                      {input: recording, args: "no/n1", want: "node/n1", named: true},
		"several":                   {input: recording, args: "deploy/web pod/static deploy/web", want: "deployment/web pod/static"},
		"several types":             {input: recording, args: "deploy,rs", want: "deployment/web replicaset/web-1"},
		"all of a type":             {input: recording, args: "pods", want: "pod/static pod/web pod/web-1-abcde pod/web"},
		"namespace":                 {input: recording, args: "po/web", change: func(r *load.Request) { r.Namespace = "prod" }, want: "pod/web", named: true},
		"namespace, no name":        {input: recording, change: func(r *load.Request) { r.Namespace = "prod" }, want: "pod/web"},
		"nodes have no namespace":   {input: recording, args: "node/n1", change: func(r *load.Request) { r.Namespace = "prod" }, want: "node/n1", named: true},
		"-A wins over -n":           {input: recording, args: "pod/static", change: func(r *load.Request) { r.Namespace, r.AllNamespaces = "prod", true }, want: "pod/static", named: true},
		"roots":                     {input: recording, want: "deployment/web pod/web pod/web pod/static"},
		"roots of a selector":       {input: recording, change: func(r *load.Request) { r.Selector = "app=web" }, want: "deployment/web"},
		"selector of a type":        {input: recording, args: "pods", change: func(r *load.Request) { r.Selector = "app in (web)" }, want: "pod/web-1-abcde"},
		"any field":                 {input: recording, change: func(r *load.Request) { r.FieldSelector = "spec.nodeName=n1,metadata.namespace!=prod" }, want: "pod/web-1-abcde pod/static"},
		"phase":                     {input: recording, args: "pods", change: func(r *load.Request) { r.FieldSelector = "status.phase=Pending" }, want: "pod/web"},
		"category":                  {input: recording, args: "all", change: func(r *load.Request) { r.Namespace = "shop" }, want: "deployment/web replicaset/web-1 pod/web-1-abcde pod/web"},
		"manifests":                 {input: manifests, want: "deployment/web statefulset/db"},
		"manifests, all":            {input: manifests, change: func(r *load.Request) { r.Question = load.Lint }, want: "deployment/web statefulset/db service/web"},
		"manifests go to -n":        {input: manifests, change: func(r *load.Request) { r.Namespace = "shop" }, want: "deployment/web"},
		"an input of nodes":         {input: "apiVersion: v1\nkind: Node\nmetadata: {name: n1, uid: u}\n", want: "node/n1"},
		"lint of nothing to do":     {input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", change: func(r *load.Request) { r.Question = load.Lint }, want: "configmap/c"},
		"nothing, but parse errors": {input: "a: [\n", want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := load.Bytes("in.yaml", []byte(tt.input), func(r *load.Request) {
				r.Question, r.Args = load.Explain, strings.Fields(tt.args)
				if tt.change != nil {
					tt.change(r)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := refs(r.Subjects); got != tt.want || r.Named != tt.named {
				t.Errorf("subjects %q, named %v; want %q, %v", got, r.Named, tt.want, tt.named)
			}
		})
	}
}

func TestSubjectsThatAreNotThere(t *testing.T) {
	for name, tt := range map[string]struct {
		input  string
		change func(*load.Request)
		args   string
		want   load.UserError
	}{
		"near": {input: recording, args: "pod/web-1-abcd", want: load.UserError{
			Message: `pod "web-1-abcd" not found in in.yaml`,
			Hints:   []string{"did you mean   pod/web-1-abcde   or   pod/web", "see them all   kubectl lifecycle explain -f in.yaml"},
		}},
		"other kind": {input: recording, args: "sts/web", want: load.UserError{
			Message: `statefulset "web" not found in in.yaml`,
			Hints:   []string{"did you mean   deployment/web   or   pod/web", "see them all   kubectl lifecycle explain -f in.yaml"},
		}},
		"other namespace": {input: recording, args: "deploy/web", change: func(r *load.Request) { r.Namespace = "prod" }, want: load.UserError{
			Message: `deployment "web" not found in namespace "prod" of in.yaml`,
			Hints:   []string{"did you mean   deployment/web -n shop   or   pod/web", "see them all   kubectl lifecycle explain -f in.yaml -n prod"},
		}},
		"far": {input: recording, args: "deploy/zzz", want: load.UserError{
			Message: `deployment "zzz" not found in in.yaml`,
			Hints:   []string{"it holds       deployment/web", "see them all   kubectl lifecycle explain -f in.yaml"},
		}},
		"two of that name": {input: recording, args: "pod/web", want: load.UserError{
			Message: `pod "web" is there 2 times: namespace "prod", namespace "shop"`,
			Hints:   []string{"choose one     -n prod   or   -n shop"},
		}},
		"twice in one namespace": {input: manifests + "---\n" + manifests, args: "deploy/web", want: load.UserError{
			Message: `deployment "web" is there 2 times: in.yaml:1:1, in.yaml:13:1`,
		}},
		"unknown type": {input: recording, args: "podds/web", want: load.UserError{
			Message: `the input has no resource type "podds"`, Hints: []string{"did you mean   pods   or   pod"},
		}},
		"neither type nor file": {input: recording, args: "a/b/c", want: load.UserError{
			Message: `"a/b/c" is not of the form TYPE/NAME, and no such file exists`, Hints: []string{"write          pod/NAME, or TYPE NAME, or a file that exists"},
		}},
		"name and selector": {input: recording, args: "pod/web", change: func(r *load.Request) { r.Selector = "a=b" }, want: load.UserError{
			Message: "pod/web is a name, and a selector was given too", Hints: []string{"write          pod with the selector, or the name alone"},
		}},
		"nothing to explain": {input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", want: load.UserError{
			Message: "no pods or workloads in in.yaml", Hints: []string{"it holds       1 ConfigMap"},
		}},
		"nothing selected": {input: recording, change: func(r *load.Request) { r.Selector = "app=none" }, want: load.UserError{
			Message: "no pods or workloads that the selector selects in in.yaml",
			Hints:   []string{"it holds       1 Deployment, 1 ReplicaSet, 4 Pod, 1 Node, 1 Rollout, 1 ConfigMap"},
		}},
		"version": {input: recording, change: func(r *load.Request) { r.Version = "latest" }, want: load.UserError{
			Message: `kubernetes version "latest" is not of the form 1.36`, Hints: []string{"write          --kubernetes-version 1.36"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load.Bytes("in.yaml", []byte(tt.input), func(r *load.Request) {
				r.Question, r.Args = load.Explain, strings.Fields(tt.args)
				if tt.change != nil {
					tt.change(r)
				}
			})
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

func TestWhatARecordingKnows(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	read := func(input string, change func(*load.Request)) *load.Result {
		t.Helper()
		r, err := load.Bytes("in.yaml", []byte(input), func(r *load.Request) {
			r.Question, r.Now = load.Explain, at
			if change != nil {
				change(r)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := read(recording, nil)
	for _, tt := range []struct {
		what string
		sees bool
		want bool
	}{
		{"pods of a namespace that occurs", r.Snapshot.Sees(analyze.KindPod, "shop"), true},
		{"pods of one that does not", r.Snapshot.Sees(analyze.KindPod, "dev"), false},
		{"all nodes", r.Snapshot.Sees(analyze.KindNode, ""), true},
		{"budgets", r.Snapshot.Sees(analyze.KindPDB, "shop"), false},
		{"budgets with --complete", read(recording, func(r *load.Request) { r.Complete = true }).Snapshot.Sees(analyze.KindPDB, "shop"), true},
		{"manifests know nothing", read(manifests, nil).Snapshot.Sees(analyze.KindDeployment, ""), false},
	} {
		if tt.sees != tt.want {
			t.Errorf("%s: seen %v, want %v", tt.what, tt.sees, tt.want)
		}
	}
	hasGap := func(r *load.Result, what string) bool {
		for _, g := range r.Snapshot.Gaps {
			if strings.HasPrefix(g.What, what) && g.Why == "not in the input" {
				return true
			}
		}
		return false
	}
	if !hasGap(r, "poddisruptionbudgets.policy") || hasGap(r, "nodes") {
		t.Errorf("gaps %v", r.Snapshot.Gaps)
	}
	if v := r.Snapshot.Version; v.String() != "1.33" || v.Basis != analyze.Observed {
		t.Errorf("version %v (%s)", v, v.Basis)
	}
	if got, want := r.Snapshot.Taken, time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC); !got.Equal(want) || r.Snapshot.TakenFrom != "the newest time in the input" {
		t.Errorf("taken %v from %s", got, r.Snapshot.TakenFrom)
	}
	if m := read(manifests, nil).Snapshot; !m.Taken.Equal(at) || m.TakenFrom != "the clock" || m.Version.Basis != analyze.Assumed {
		t.Errorf("manifests: taken %v from %s, version %s", m.Taken, m.TakenFrom, m.Version.Basis)
	}
	clock := at.Add(time.Hour)
	if c := read(recording, func(r *load.Request) { r.Clock = clock }).Snapshot; !c.Taken.Equal(clock) || c.TakenFrom != "--clock" {
		t.Errorf("taken %v from %s", c.Taken, c.TakenFrom)
	}
}
