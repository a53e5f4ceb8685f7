package load

import (
	"context"
	"os"
	"strings"
	"testing"
)

func read(t *testing.T, text string) *fileInput {
	t.Helper()
	in, err := readFiles(context.Background(), Request{Filenames: []string{"-"}, Stdin: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestCorpus(t *testing.T) {
	dir := os.Getenv("CORPUS")
	if dir == "" {
		t.Skip("CORPUS names no directory of public manifests")
	}
	in, err := readFiles(context.Background(), Request{Filenames: []string{dir}, Recursive: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d documents, %d objects, %d skipped, %d errors", in.Files, in.Documents, len(in.Objects), len(in.Skipped), len(in.Errors))
	for _, e := range in.Errors {
		t.Log(e.Error())
	}
	for _, s := range in.Skipped {
		t.Log(s.File, s.Why)
	}
	for _, o := range in.Objects {
		for _, p := range o.Problems {
			t.Log(p.Pos.String(), p.Kind, p.Message)
		}
	}
}
