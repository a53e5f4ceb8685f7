package explain

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
)

func TestLogSources(t *testing.T) {
	for file, want := range map[string]LogSource{
		"crash-exit1":   {Container: "app"}, // ended: its own log
		"liveness-fail": {Container: "app"}, // waits for its next start
		"image-pull":    {Container: "app", NeverStarted: true},
		"healthy":       {},
	} {
		data, err := os.ReadFile("../../testdata/cluster/" + file + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		res, err := load.Bytes(file+".yaml", data, func(r *load.Request) { r.Question = load.Explain })
		if err != nil {
			t.Fatal(err)
		}
		var got LogSource
		for _, o := range res.Subjects {
			for _, src := range LogSources(res.Snapshot, Explain(res.Snapshot, o, Options{})) {
				if src.Pod.Kind != "Pod" || res.Snapshot.Get(src.Pod) == nil {
					t.Errorf("%s: %v is no pod of the input", file, src.Pod)
				}
				src.Pod = got.Pod
				got = src
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", file, diff)
		}
	}
}

// A container that runs again has two logs: that of the end is the one before,
// that of a probe which fails now is its own.
func TestLogsOfWhichRun(t *testing.T) {
	pod := func(ended, started string) string {
		return `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"},
 "spec": {"nodeName": "n", "containers": [{"name": "app", "image": "i", "readinessProbe": {"exec": {"command": ["x"]}}}]},
 "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}, {"type": "ContainersReady", "status": "False"}],
  "containerStatuses": [{"name": "app", "image": "i", "imageID": "", "containerID": "c://1", "restartCount": 1, "ready": false, "started": true,
   "state": {"running": {"startedAt": "` + started + `"}},
   "lastState": {"terminated": {"exitCode": 3, "reason": "Error", "startedAt": "2026-11-21T09:00:00Z", "finishedAt": "` + ended + `"}}}]}}`
	}
	for name, test := range map[string]struct {
		pod      string
		previous bool
	}{
		"it has just ended":               {pod("2026-11-21T11:59:50Z", "2026-11-21T11:59:52Z"), true},
		"its probe fails long after that": {pod("2026-11-21T09:00:10Z", "2026-11-21T09:00:12Z"), false},
	} {
		res, err := load.Bytes("pod.json", []byte(test.pod), func(r *load.Request) {
			r.Question, r.Clock = load.Explain, time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		})
		if err != nil {
			t.Fatal(err)
		}
		x := Explain(res.Snapshot, res.Subjects[0], Options{})
		sources := LogSources(res.Snapshot, x)
		if len(sources) != 1 || sources[0].Previous != test.previous || sources[0].NeverStarted {
			t.Errorf("%s: %+v for %s", name, sources, x.Headline)
		}
	}
}
