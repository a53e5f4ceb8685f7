package explain

import (
	"os"
	"testing"

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
