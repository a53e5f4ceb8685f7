// Command dist builds what a release consists of: an archive for each platform,
// their checksums, bills of materials and krew manifests. The same commit built
// by the same Go gives the same bytes, in whatever folder and however often:
// paths are trimmed, and every file in an archive carries the time of the commit.
//
// It does not publish anything, and it does not test what it built; krew/check
// does.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const name = "kubectl-lifecycle"

type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

func platforms() []platform {
	return []platform{
		{"linux", "amd64"},
		{"linux", "arm64"},
		{"darwin", "amd64"},
		{"darwin", "arm64"},
		{"windows", "amd64"},
		{"windows", "arm64"},
	}
}

// options say what to build.
type options struct {
	version, out string
	when         time.Time
}

func main() {
	version := flag.String("version", "", "version to stamp, such as v0.1.0")
	out := flag.String("out", "dist", "folder to write to")
	licences := flag.Bool("licences", false, "only check the licences of what would be linked in")
	flag.Parse()
	err := run(*version, *out, *licences)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(version, out string, licences bool) error {
	if licences {
		return checkLicences(os.Stdout)
	}
	if version == "" {
		return errors.New("-version is missing")
	}
	when, err := commitTime()
	if err != nil {
		return err
	}
	return dist(options{version: version, out: out, when: when}, os.Stdout)
}

func dist(o options, talk io.Writer) error {
	if err := os.RemoveAll(o.out); err != nil {
		return fmt.Errorf("empty the folder %s: %w", o.out, err)
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return fmt.Errorf("make the folder %s: %w", o.out, err)
	}
	sums := map[string]string{}
	for _, p := range platforms() {
		files, err := o.build(p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		for _, file := range files {
			size, sum, err := checksum(filepath.Join(o.out, file))
			if err != nil {
				return err
			}
			sums[file] = sum
			if _, err := fmt.Fprintf(talk, "%6.1f MB  %s\n", float64(size)/1e6, file); err != nil {
				return fmt.Errorf("say what was built: %w", err)
			}
		}
	}
	for _, plugin := range []string{"lifecycle", "pod-lifecycle"} {
		if err := o.writeManifest(plugin, sums); err != nil {
			return err
		}
	}
	return o.writeSums(sums)
}

func checksum(file string) (int, string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, "", fmt.Errorf("read what was built: %w", err)
	}
	sum := sha256.Sum256(data)
	return len(data), hex.EncodeToString(sum[:]), nil
}

// writeSums writes the list that sha256sum --check reads.
func (o options) writeSums(sums map[string]string) error {
	var names []string
	for file := range sums {
		names = append(names, file)
	}
	slices.Sort(names)
	var list strings.Builder
	for _, file := range names {
		fmt.Fprintf(&list, "%s  %s\n", sums[file], file)
	}
	return os.WriteFile(filepath.Join(o.out, "checksums.txt"), []byte(list.String()), 0o644)
}

// commitTime is the time of the last commit, or that of SOURCE_DATE_EPOCH where
// there is no git.
func commitTime() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, fmt.Errorf("ask git for the time of the commit (or set SOURCE_DATE_EPOCH): %w", err)
		}
		text = string(out)
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the time of the commit: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// build makes the binary of one platform, and from it the archive and its bill
// of materials; it returns their names.
func (o options) build(p platform) ([]string, error) {
	binary := name
	if p.os == "windows" {
		binary += ".exe"
	}
	path := filepath.Join(o.out, p.os+"_"+p.arch, binary)
	cmd := goTool(p, "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+o.version, "-o", path, "./cmd/"+name)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	notices, err := readNotices(p)
	if err != nil {
		return nil, err
	}
	license, err := os.ReadFile("LICENSE")
	if err != nil {
		return nil, fmt.Errorf("read the project's own licence: %w", err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what was built: %w", err)
	}
	contents := []entry{{binary, 0o755, program}, {"LICENSE", 0o644, license}, {"THIRD_PARTY_LICENSES.txt", 0o644, thirdParty(notices)}}
	base := fmt.Sprintf("%s_%s_%s_%s", name, o.version, p.os, p.arch)
	bill := base + ".sbom.json"
	if err := writeBill(path, filepath.Join(o.out, bill), o, notices); err != nil {
		return nil, err
	}
	if p.os == "windows" {
		return []string{base + ".zip", bill}, writeZip(filepath.Join(o.out, base+".zip"), contents, o.when)
	}
	return []string{base + ".tar.gz", bill}, writeTar(filepath.Join(o.out, base+".tar.gz"), contents, o.when)
}

// goTool is a call of go for another platform, without what the caller's
// environment would change in the result.
func goTool(p platform, args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch, "GOFLAGS=-mod=readonly",
		"GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOWORK=off")
	return cmd
}
