package simulate

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A recordedTermination is one pod that a real node stopped.
type recordedTermination struct {
	Name        string          `json:"name"`
	Manifest    corev1.Pod      `json:"manifest"`
	Assumptions json.RawMessage `json:"assumptions"`
	Observed    []recordedEvent `json:"observed"`
	Delete      struct {
		GracePeriodSeconds *int64 `json:"gracePeriodSeconds"`
	} `json:"delete"`
	FeatureGates map[string]bool `json:"featureGates"`
	Flags        []string        `json:"flags"`
	// Service: a Service selects the pod.
	Service      bool                            `json:"service"`
	AlsoObserved []struct{ Type, Reason string } `json:"alsoObserved"`
	// Trigger is how the newer recordings say what was done; see testdata/truth/recorded.md.
	Trigger *recordedTrigger `json:"trigger"`
}

type recordedTrigger struct {
	Type               string `json:"type"`
	GracePeriodSeconds *int64 `json:"gracePeriodSeconds"`
	Now                bool   `json:"now"`
	Forced             bool   `json:"forced"`
	Container          string `json:"container"`
	Then               []struct {
		GracePeriodSeconds int64   `json:"gracePeriodSeconds"`
		ObservedSeconds    float64 `json:"observedSeconds"`
	} `json:"then"`
}

type recordedEvent struct {
	T         float64           `json:"t"`
	Type      analyze.EventType `json:"type"`
	Container string            `json:"container"`
	Signal    string            `json:"signal"`
	ExitCode  *int32            `json:"exitCode"`
}

func readRecordings(t *testing.T, name string) []recordedTermination {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/truth/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out []recordedTermination
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no pods", name)
	}
	for i := range out {
		out[i].settleClock()
	}
	return out
}

// settleClock moves time 0 to the first thing that the kubelet did about the
// trigger, where that was seen before the trigger: nothing comes before its
// cause, so the recorder's watch had the news late (see recorded.md).
func (r *recordedTermination) settleClock() {
	zero := 0.0
	for _, o := range r.Observed {
		if o.Type == analyze.SignalSent || o.Type == analyze.PreStopStarted {
			zero = min(zero, o.T)
		}
	}
	for i := range r.Observed {
		r.Observed[i].T -= zero
	}
	if r.Trigger != nil {
		for i := range r.Trigger.Then {
			r.Trigger.Then[i].ObservedSeconds -= zero
		}
	}
}

// What a forecast is told beside the manifest.
type told int

const (
	nothing told = iota
	// images: each image's STOPSIGNAL, which images the node lacks, and the
	// node's runtime: what a registry and a cluster tell, and no manifest.
	images
	everything
)

// snapshot holds the pod, and the Service where the recording had one.
func (r *recordedTermination) snapshot(what told) (*analyze.Snapshot, *analyze.Object) {
	s, o := r.files()
	if what != images {
		return s, o
	}
	r.Manifest.Spec.NodeName = "node"
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node"}}
	node.Status.NodeInfo.ContainerRuntimeVersion = "containerd://1.6.20" // see recorded.md
	objects := append(slices.Clone(s.Objects()), analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Node", Name: "node"}, node, node, nil))
	return analyze.NewSnapshot(analyze.SnapshotInput{Version: s.Version, Objects: objects, Knowledge: analyze.Knowledge{Complete: true}}), o
}

func (r *recordedTermination) files() (*analyze.Snapshot, *analyze.Object) {
	if !r.Service {
		return snapshotOf(&r.Manifest)
	}
	if r.Manifest.Labels == nil {
		r.Manifest.Labels = map[string]string{"app": r.Name}
	}
	return snapshotOf(&r.Manifest, &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: r.Name, Namespace: r.Manifest.Namespace}, Spec: corev1.ServiceSpec{Selector: r.Manifest.Labels},
	})
}

// snapshotOf is a snapshot of one pod as if read from a file.
func snapshotOf(pod *corev1.Pod, services ...*corev1.Service) (*analyze.Snapshot, *analyze.Object) {
	o := analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID}, pod, pod, nil)
	objects := []*analyze.Object{o}
	for _, s := range services {
		objects = append(objects, analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Service", Namespace: s.Namespace, Name: s.Name}, s, s, nil))
	}
	return analyze.NewSnapshot(analyze.SnapshotInput{
		Version: analyze.DefaultVersion(), Objects: objects, Knowledge: analyze.Knowledge{Complete: true},
	}), o
}

func (r recordedTermination) scenario(t *testing.T, what told) Scenario {
	t.Helper()
	sc := Scenario{GracePeriod: r.Delete.GracePeriodSeconds}
	if what != nothing {
		text, err := yaml.JSONToYAML(r.Assumptions)
		if err != nil {
			t.Fatal(err)
		}
		if sc.Assumptions, err = ParseAssumptions(nil, text, r.Name); err != nil {
			t.Fatal(err)
		}
		if what == images {
			for name, a := range sc.Assumptions.Containers {
				if a.StopSignal != nil && *a.StopSignal == sigTerm { // the images without a STOPSIGNAL
					a.StopSignal = nil
				}
				sc.Assumptions.Containers[name] = ContainerAssumptions{StopSignal: a.StopSignal, Pull: a.Pull}
			}
		}
	}
	if tr := r.Trigger; tr != nil {
		sc.Trigger, sc.GracePeriod, sc.Now, sc.Force, sc.Container = tr.Type, tr.GracePeriodSeconds, tr.Now, tr.Forced, tr.Container
		if tr.Now {
			sc.GracePeriod = nil
		}
		for _, then := range tr.Then {
			sc.Then = append(sc.Then, ShorterDelete{Grace: then.GracePeriodSeconds, Offset: seconds(then.ObservedSeconds)})
		}
	}
	if i := slices.Index(r.Flags, "--at"); i >= 0 && i+1 < len(r.Flags) {
		at, err := time.ParseDuration(r.Flags[i+1])
		if err != nil {
			t.Fatal(err)
		}
		sc.At = &at
	}
	return sc
}
