package render

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestReportText(t *testing.T) {
	for _, columns := range []int{50, 80, 120} {
		got := twice(t, func(b *bytes.Buffer) error { return Report(b, sampleReport(), Style{Width: columns}) })
		fits(t, got, columns)
		golden(t, fmt.Sprintf("report/shop.%d.txt", columns), got)
	}
	styles := map[string]Style{
		"colour": {Width: 80, Color: true}, "wide": {Width: 120, Wide: true}, "compact": {Format: "compact", Width: 50},
		"ascii": {Width: 60, ASCII: true},
	}
	for name, st := range styles {
		got := twice(t, func(b *bytes.Buffer) error { return Report(b, sampleReport(), st) })
		golden(t, "report/shop."+name+".txt", got)
	}
}

func TestReportOfCleanInputIsOneLine(t *testing.T) {
	tests := []struct {
		report analyze.Report
		want   string
	}{
		{analyze.Report{Counts: analyze.Counts{Files: 1, Objects: 1}}, "no lifecycle problems in 1 object, 1 file\n"},
		{
			analyze.Report{
				Counts: analyze.Counts{Files: 2, Objects: 3, Info: 1, Suppressed: 2}, Skipped: []analyze.Skip{{Rule: "KL1", Why: "x"}, {Rule: "KL2", Why: "x"}},
				Findings: []analyze.Finding{{Rule: "KL3", Severity: analyze.Info}},
			},
			"no lifecycle problems in 3 objects, 2 files; 1 of severity info, 2 muted, 2 rules could not judge\n",
		},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		if err := Report(&b, &tt.report, Style{Width: 50}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, b.String()); diff != "" {
			t.Error(diff)
		}
	}
}
