package load

import (
	"context"
	"os"
	"testing"
)

// BenchmarkCorpus reads the directory of manifests that CORPUS names.
func BenchmarkCorpus(b *testing.B) {
	dir := os.Getenv("CORPUS")
	if dir == "" {
		b.Skip("CORPUS names no directory of public manifests")
	}
	for b.Loop() {
		in, err := readFiles(context.Background(), Request{Filenames: []string{dir}, Recursive: true})
		if err != nil || len(in.Objects) == 0 {
			b.Fatalf("%d objects, %v", len(in.Objects), err)
		}
	}
}
