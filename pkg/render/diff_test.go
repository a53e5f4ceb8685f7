package render

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	in := "--- a.yaml\n+++ b.yaml\n@@ -1,2 +1,2 @@\n a:\tb\r\n--- x --\n-c: \x1b[1m\n+c: 2\n"
	tests := map[bool]string{
		false: "--- a.yaml\n+++ b.yaml\n@@ -1,2 +1,2 @@\n a:\tb\r\n--- x --\n-c: ^[[1m\n+c: 2\n",
		true: "\x1b[1m--- a.yaml\x1b[0m\n\x1b[1m+++ b.yaml\x1b[0m\n\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n a:\tb\r\n" +
			"\x1b[1m--- x --\x1b[0m\n\x1b[1;31m-c: ^[[1m\x1b[0m\n\x1b[32m+c: 2\x1b[0m\n",
	}
	for colour, want := range tests {
		var b bytes.Buffer
		if err := Diff(&b, []byte(in), Style{Color: colour}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Error(diff)
		}
	}
}
