package load_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
)

const snapshots = "../../../testdata/cluster"

func TestSnapshotsFromFiles(t *testing.T) {
	for _, file := range snapshotFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := expectationOf(t, file)
			r, err := load.Load(context.Background(), load.Request{Filenames: []string{file}, Args: []string{want.Subject}, Now: time.Unix(0, 0)})
			if err != nil {
				t.Fatal(err)
			}
			if got := refs(r.Subjects); got != want.Subject || !r.Named {
				t.Errorf("subjects %q, named %v; want %q, true", got, r.Named, want.Subject)
			}
			if v := r.Snapshot.Version; v.String() != "1.36" || v.Basis != analyze.Observed {
				t.Errorf("version %v (%s), want the node's 1.36 (Observed)", v, v.Basis)
			}
			if r.Snapshot.TakenFrom != "the newest time in the input" {
				t.Errorf("taken from %q", r.Snapshot.TakenFrom)
			}
			if behind := want.Taken.Sub(r.Snapshot.Taken); behind < 0 || behind > 90*time.Second {
				t.Errorf("newest time %v is not shortly before the recording %v", r.Snapshot.Taken, want.Taken)
			}
		})
	}
}

type expectation struct {
	Taken   time.Time `json:"taken"`
	Subject string    `json:"subject"`
}

func expectationOf(t *testing.T, file string) expectation {
	t.Helper()
	data, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".expect.json")
	if err != nil {
		t.Fatal(err)
	}
	var e expectation
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func snapshotFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(snapshots, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no snapshots in %s: %v", snapshots, err)
	}
	return files
}

func refs(objects []*analyze.Object) string {
	var out []string
	for _, o := range objects {
		out = append(out, o.String())
	}
	return strings.Join(out, " ")
}
