// Command check does with a release what its users will do: it builds the
// release a second time in another folder and compares, installs every archive
// with the real krew, lets krew's own validator judge the manifests, runs the
// plugin through kubectl, and measures it. It needs Go's module proxy and
// nothing else of the network; what it had to leave out it says.
//
// It does not build the release; krew/dist does.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// errSkip means that a check could not be made here; its text says why.
var errSkip = errors.New("skipped")

// A release is what is checked, and what it is checked with.
type release struct {
	dir     string // made by krew/dist
	version string
	tmp     string // ours, removed at the end
	tools   string // krew and its validator
	kubectl string // "" = none
}

func main() {
	dir := flag.String("dist", "dist", "folder with the release")
	version := flag.String("version", "", "its version")
	flag.Parse()
	failed, err := check(*dir, *version)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

func check(dir, version string) (int, error) {
	if version == "" {
		return 0, errors.New("-version is missing")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return 0, fmt.Errorf("find the release: %w", err)
	}
	tmp, err := os.MkdirTemp("", "release-check-")
	if err != nil {
		return 0, fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	r := &release{dir: dir, version: version, tmp: tmp, tools: filepath.Join(tmp, "tools")}
	failed := 0
	for _, step := range []struct {
		what string
		do   func() (string, error)
	}{
		{"archives", r.archives},
		{"same bytes", r.sameBytes},
		{"size", r.size},
		{"kubectl", r.findKubectl},
		{"krew", r.buildKrew},
		{"manifests", r.validate},
		{"installation", r.install},
		{"completion", r.completion},
		{"start", r.startTime},
	} {
		result, err := step.do()
		switch {
		case err == nil:
			fmt.Printf("ok       %-13s %s\n", step.what, result)
		case errors.Is(err, errSkip):
			fmt.Printf("%-8s %-13s %s\n", "skipped", step.what, result)
		default:
			fmt.Printf("FAILED   %-13s %v\n", step.what, err)
			failed++
		}
	}
	return failed, nil
}

// archive is the archive of a platform.
func (r *release) archive(goos, arch string) string {
	ext := ".tar.gz"
	if goos == "windows" {
		ext = ".zip"
	}
	return fmt.Sprintf("kubectl-lifecycle_%s_%s_%s%s", r.version, goos, arch, ext)
}

func (r *release) here() string { return r.archive(runtime.GOOS, runtime.GOARCH) }
