package explain_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// manyPods is a cluster of workloads with pods like those of the recording, n
// pods in each of the namespaces.
func manyPods(tb testing.TB, recording string, namespaces, n int) *load.Result {
	tb.Helper()
	data, err := os.ReadFile(recording)
	if err != nil {
		tb.Fatal(err)
	}
	res, err := load.Bytes(recording, data, func(r *load.Request) { r.Question = load.Lint })
	if err != nil {
		tb.Fatal(err)
	}
	var docs strings.Builder
	for ns := range namespaces {
		space := fmt.Sprintf("ns%03d", ns)
		for i := range n {
			for _, o := range res.Snapshot.Of(analyze.KindPod, "") {
				doc := podJSON(tb, o, space, fmt.Sprintf("%s-%d", o.Name, i))
				docs.WriteString(doc + "\n---\n")
			}
		}
	}
	out, err := load.Bytes("many.yaml", []byte(docs.String()), func(r *load.Request) {
		r.Question, r.Complete, r.Clock = load.Explain, true, time.Date(2026, 11, 21, 19, 50, 0, 0, time.UTC)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// TestSummaryGroupsByCause puts recordings of three troubles and of a healthy
// pod into one cluster: one line per cause, the most damaging first.
func TestSummaryGroupsByCause(t *testing.T) {
	var docs strings.Builder
	for i, name := range []string{"oom", "oom", "oom", "config-missing", "init-wait", "healthy-sidecar", "completed"} {
		data, err := os.ReadFile(filepath.Join("../../testdata/cluster", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := load.Bytes(name, data, func(r *load.Request) { r.Question = load.Lint })
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range res.Snapshot.Of(analyze.KindPod, "") {
			docs.WriteString(podJSON(t, o, fmt.Sprintf("ns%d", i), o.Name) + "\n---\n")
		}
	}
	res, err := load.Bytes("all.yaml", []byte(docs.String()), func(r *load.Request) {
		r.Question, r.Complete, r.Clock = load.Explain, true, time.Date(2026, 11, 21, 19, 50, 0, 0, time.UTC)
	})
	if err != nil {
		t.Fatal(err)
	}
	sum := explain.Summarize(res.Snapshot, res.Subjects, explain.Options{})
	var got []string
	for _, g := range sum.Groups {
		got = append(got, fmt.Sprintf("%s %s: %d workloads, %d pods, such as %s/%s", g.Severity, g.ID, g.Workloads, g.Pods, g.Example.Namespace, g.Example))
	}
	want := []string{
		"error oom-killed: 0 workloads, 3 pods, such as ns0/pod/web",
		"error configmap-missing: 0 workloads, 1 pods, such as ns3/pod/web",
		"warning init-running: 0 workloads, 1 pods, such as ns4/pod/web",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	counts := explain.SummaryCounts{Subjects: 7, Pods: 7, Namespaces: 7, OK: 2, Warning: 1, Error: 4}
	if diff := cmp.Diff(counts, sum.Counts); diff != "" {
		t.Error(diff)
	}
	if sum.Headline != "5 of 7 objects are not well, for 3 causes" || sum.Severity != analyze.Error {
		t.Errorf("%s: %s", sum.Severity, sum.Headline)
	}
}

// TestExplainChangesNothing explains everything twice: same input, same answer.
func TestExplainChangesNothing(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/cluster/*.yaml")
	for _, file := range files {
		res := readSnapshot(t, file, time.Time{})
		for _, o := range res.Snapshot.Objects() {
			first := explain.Explain(res.Snapshot, o, explain.Options{})
			if diff := cmp.Diff(first, explain.Explain(res.Snapshot, o, explain.Options{})); diff != "" {
				t.Errorf("%s %s: %s", file, o.Ref, diff)
			}
			if o.Kind != "Event" {
				checkWellFormed(t, first)
			}
		}
	}
}

// BenchmarkSummary states the time per crashing pod.
func BenchmarkSummary(b *testing.B) {
	res := manyPods(b, "../../testdata/cluster/crash-exit1.yaml", 10, 50)
	b.ResetTimer()
	for b.Loop() {
		explain.Summarize(res.Snapshot, res.Subjects, explain.Options{})
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(res.Subjects)), "µs/pod")
}
