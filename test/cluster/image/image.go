// Package image writes the container images of the tests as docker archives:
// no registry is needed, and none is asked.
//
// It does not import them into a runtime; package harness does.
package image

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
)

// Busybox is the name of the image whose stop signal is the default, TERM;
// Quit and Usr1 are the same with a STOPSIGNAL of their own.
const (
	Busybox = "registry.test/busybox:1"
	Quit    = "registry.test/busybox:quit"
	Usr1    = "registry.test/busybox:usr1"
	Pause   = "registry.test/pause:1"
)

// StaticBusybox finds a busybox that needs no shared library.
func StaticBusybox() (string, error) {
	for _, path := range []string{"/bin/busybox", "/usr/bin/busybox"} {
		f, err := elf.Open(path)
		if err != nil {
			continue
		}
		static := f.Section(".interp") == nil
		if err := f.Close(); err == nil && static {
			return path, nil
		}
	}
	return "", errors.New("no static busybox (Debian: apt-get install busybox-static)")
}

type config struct {
	Architecture string        `json:"architecture"`
	OS           string        `json:"os"`
	Config       runConfig     `json:"config"`
	RootFS       rootFS        `json:"rootfs"`
	History      []historyLine `json:"history"`
}

type historyLine struct {
	CreatedBy string `json:"created_by"`
}

type runConfig struct {
	Env        []string `json:"Env"`
	Cmd        []string `json:"Cmd"`
	StopSignal string   `json:"StopSignal,omitempty"`
}

type rootFS struct {
	Type    string   `json:"type"`
	DiffIDs []string `json:"diff_ids"`
}

type manifestEntry struct {
	Config   string   `json:"Config"`
	RepoTags []string `json:"RepoTags"`
	Layers   []string `json:"Layers"`
}

// Write writes one archive with all images: busybox (a static binary), with the
// program probed beside it, for the architecture of this machine.
func Write(w io.Writer, busybox, probed, arch string) error {
	layer, err := layerTar(busybox, probed)
	if err != nil {
		return err
	}
	files := map[string][]byte{"layer.tar": layer}
	var entries []manifestEntry
	for _, img := range []struct {
		name, stop string
		cmd        []string
	}{
		{Busybox, "", []string{"sh"}},
		{Quit, "SIGQUIT", []string{"sh"}},
		{Usr1, "SIGUSR1", []string{"sh"}},
		{Pause, "", []string{"sleep", "2147483647"}},
	} {
		sum := sha256.Sum256(layer)
		c, err := json.Marshal(config{
			Architecture: arch, OS: "linux",
			Config:  runConfig{Env: []string{"PATH=/bin"}, Cmd: img.cmd, StopSignal: img.stop},
			RootFS:  rootFS{Type: "layers", DiffIDs: []string{"sha256:" + hex.EncodeToString(sum[:])}},
			History: []historyLine{{CreatedBy: img.name}},
		})
		if err != nil {
			return fmt.Errorf("describing image %s: %w", img.name, err)
		}
		id := sha256.Sum256(c)
		name := hex.EncodeToString(id[:]) + ".json"
		files[name] = c
		entries = append(entries, manifestEntry{Config: name, RepoTags: []string{img.name}, Layers: []string{"layer.tar"}})
	}
	if files["manifest.json"], err = json.Marshal(entries); err != nil {
		return fmt.Errorf("describing the images: %w", err)
	}
	return writeTar(w, files)
}

func writeTar(w io.Writer, files map[string][]byte) error {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	tw := tar.NewWriter(w)
	for _, name := range names {
		if err := addFile(tw, name, files[name], 0o644); err != nil {
			return err
		}
	}
	return tw.Close()
}

func addFile(tw *tar.Writer, name string, body []byte, mode int64) error {
	if err := tw.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: mode, Size: int64(len(body))}); err != nil {
		return fmt.Errorf("writing %s into an image: %w", name, err)
	}
	if _, err := tw.Write(body); err != nil {
		return fmt.Errorf("writing %s into an image: %w", name, err)
	}
	return nil
}

func layerTar(busybox, probed string) ([]byte, error) {
	var buf bytes.Buffer
	tw := tar.NewWriter(&buf)
	for _, dir := range []string{"bin/", "tmp/", "etc/", "proc/", "sys/", "dev/", "root/"} {
		mode := int64(0o755)
		if dir == "tmp/" {
			mode = 0o1777
		}
		if err := tw.WriteHeader(&tar.Header{Name: dir, Typeflag: tar.TypeDir, Mode: mode}); err != nil {
			return nil, fmt.Errorf("writing %s into an image: %w", dir, err)
		}
	}
	for _, program := range []struct{ name, path string }{{"bin/busybox", busybox}, {"bin/probed", probed}} {
		body, err := os.ReadFile(program.path)
		if err != nil {
			return nil, fmt.Errorf("reading a program for the image: %w", err)
		}
		if err := addFile(tw, program.name, body, 0o755); err != nil {
			return nil, err
		}
	}
	for _, applet := range applets() {
		if err := tw.WriteHeader(&tar.Header{Name: "bin/" + applet, Typeflag: tar.TypeSymlink, Linkname: "busybox", Mode: 0o777}); err != nil {
			return nil, fmt.Errorf("writing %s into an image: %w", applet, err)
		}
	}
	passwd := []byte("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")
	if err := addFile(tw, "etc/passwd", passwd, 0o644); err != nil {
		return nil, err
	}
	if err := tw.Close(); err != nil {
		return nil, fmt.Errorf("closing an image layer: %w", err)
	}
	return buf.Bytes(), nil
}

func applets() []string {
	return []string{"sh", "sleep", "true", "false", "cat", "cut", "echo", "kill", "ls", "mkdir", "nc", "ps", "rm", "tail", "test",
		"touch", "wget", "head", "dd", "date", "env", "expr", "seq", "wc", "grep", "sed", "mount", "printf", "yes"}
}
