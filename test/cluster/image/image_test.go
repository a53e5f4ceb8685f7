package image

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestArchive(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "program")
	if err := os.WriteFile(program, []byte("#!"), 0o700); err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	for _, w := range []io.Writer{&a, &b} {
		if err := Write(w, program, program, "amd64"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same programs give different archives")
	}
	files := map[string][]byte{}
	for r := tar.NewReader(&a); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var entries []manifestEntry
	if err := json.Unmarshal(files["manifest.json"], &entries); err != nil {
		t.Fatal(err)
	}
	stop := map[string]string{}
	for _, e := range entries {
		var c config
		if err := json.Unmarshal(files[e.Config], &c); err != nil {
			t.Fatal(err)
		}
		stop[e.RepoTags[0]] = c.Config.StopSignal
		if !slices.Contains(e.Layers, "layer.tar") || len(files["layer.tar"]) == 0 {
			t.Errorf("image %s has no layer", e.RepoTags[0])
		}
	}
	for name, want := range map[string]string{Busybox: "", Quit: "SIGQUIT", Usr1: "SIGUSR1", Pause: ""} {
		if got, ok := stop[name]; !ok || got != want {
			t.Errorf("image %s: stop signal %q (in the archive: %v), want %q", name, got, ok, want)
		}
	}
}
