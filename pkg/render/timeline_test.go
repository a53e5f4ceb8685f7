package render

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestTimelineText(t *testing.T) {
	for name, tl := range sampleTimelines() {
		for _, columns := range []int{50, 80, 120} {
			t.Run(fmt.Sprintf("%s/%d", name, columns), func(t *testing.T) {
				got := twice(t, func(b *bytes.Buffer) error {
					return Timelines(b, []*analyze.Timeline{tl}, false, Style{Width: columns})
				})
				fits(t, got, columns)
				golden(t, fmt.Sprintf("timeline/%s.%d.txt", name, columns), got)
			})
		}
	}
}

func TestTimelineStyles(t *testing.T) {
	tests := map[string]Style{
		"shop.colour.txt": {Width: 80, Color: true},
		"shop.ascii.txt":  {Width: 80, ASCII: true},
		"shop.wide.txt":   {Width: 120, Wide: true},
		"shop.table.txt":  {Format: "table"},
		"live.table.txt":  {Format: "table", Width: 80},
	}
	for name, st := range tests {
		t.Run(name, func(t *testing.T) {
			tl := shopTimeline()
			if name == "live.table.txt" {
				tl = liveTimeline()
			}
			got := twice(t, func(b *bytes.Buffer) error { return Timelines(b, []*analyze.Timeline{tl}, false, st) })
			golden(t, "timeline/"+name, got)
		})
	}
}
