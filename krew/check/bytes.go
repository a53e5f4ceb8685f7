package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// maxBinary is what the Linux binary may weigh.
const maxBinary = 60e6

func platforms() [][2]string {
	return [][2]string{
		{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
	}
}

// archives compares what is there with the list of checksums, and the list with
// what a release must have.
func (r *release) archives() (string, error) {
	sums, err := readSums(r.dir)
	if err != nil {
		return "", err
	}
	for file, want := range sums {
		data, err := os.ReadFile(filepath.Join(r.dir, file))
		if err != nil {
			return "", err
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			return "", fmt.Errorf("%s is not what checksums.txt says", file)
		}
	}
	for _, p := range platforms() {
		file := r.archive(p[0], p[1])
		bill := strings.TrimSuffix(strings.TrimSuffix(file, ".zip"), ".tar.gz") + ".sbom.json"
		if sums[file] == "" || sums[bill] == "" {
			return "", fmt.Errorf("checksums.txt does not list %s and %s", file, bill)
		}
	}
	return fmt.Sprintf("%d archives, each with a bill of materials and a right checksum", len(platforms())), nil
}

func readSums(dir string) (map[string]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "checksums.txt"))
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(data)) {
		sum, file, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			return nil, fmt.Errorf("checksums.txt: unexpected line %q", line)
		}
		sums[file] = sum
	}
	return sums, nil
}

// sameBytes builds the release again from a copy of the sources in another
// folder.
func (r *release) sameBytes() (string, error) {
	list, err := exec.Command("git", "ls-files", "-z", "--", "cmd", "pkg", "krew", "go.mod", "go.sum", "LICENSE").Output()
	if err != nil {
		return "", fmt.Errorf("ask git for the sources: %w", err)
	}
	copied := filepath.Join(r.tmp, "a copy of the sources")
	for file := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		data, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue // deleted, not committed yet
		}
		if err != nil {
			return "", err
		}
		to := filepath.Join(copied, file)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return "", err
		}
	}
	when, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
	if err != nil {
		return "", fmt.Errorf("ask git for the time of the commit: %w", err)
	}
	cmd := exec.Command("go", "run", "./krew/dist", "-version", r.version, "-out", "second")
	cmd.Dir, cmd.Stderr = copied, os.Stderr
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strings.TrimSpace(string(when)))
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build the release a second time: %w", err)
	}
	files := []string{"checksums.txt", "lifecycle.yaml", "pod-lifecycle.yaml"}
	for _, p := range platforms() {
		files = append(files, r.archive(p[0], p[1]))
	}
	for _, file := range files {
		first, err := os.ReadFile(filepath.Join(r.dir, file))
		if err != nil {
			return "", err
		}
		second, err := os.ReadFile(filepath.Join(copied, "second", file))
		if err != nil {
			return "", err
		}
		if string(first) != string(second) {
			return "", fmt.Errorf("%s differs between two builds of the same sources", file)
		}
	}
	return fmt.Sprintf("%d files built twice, in two folders, are byte-identical", len(files)), nil
}

func (r *release) size() (string, error) {
	info, err := os.Stat(filepath.Join(r.dir, "linux_amd64", "kubectl-lifecycle"))
	if err != nil {
		return "", err
	}
	if info.Size() > maxBinary {
		return "", fmt.Errorf("the Linux binary has %.1f MB, more than %.0f MB", float64(info.Size())/1e6, maxBinary/1e6)
	}
	return fmt.Sprintf("the Linux binary has %.1f MB (at most %.0f MB)", float64(info.Size())/1e6, maxBinary/1e6), nil
}
