// Command dist builds what a release consists of: an archive for each platform,
// their checksums, a bill of materials, and the krew manifest. The same commit
// gives the same bytes: paths are trimmed, and every file in an archive carries
// the time of the commit.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"
)

const name = "kubectl-lifecycle"

type platform struct{ os, arch string }

func platforms() []platform {
	return []platform{
		{"linux", "amd64"}, {"linux", "arm64"},
		{"darwin", "amd64"}, {"darwin", "arm64"},
		{"windows", "amd64"}, {"windows", "arm64"},
	}
}

func main() {
	version := flag.String("version", "", "version to stamp, such as v0.1.0")
	out := flag.String("out", "dist", "folder to write to")
	flag.Parse()
	if err := dist(*version, *out); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func dist(version, out string) error {
	if version == "" {
		return errors.New("-version is missing")
	}
	when, err := commitTime()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	sums := map[string]string{}
	var list strings.Builder
	for _, p := range platforms() {
		file, err := build(p, version, out, when)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", p.os, p.arch, err)
		}
		data, err := os.ReadFile(filepath.Join(out, file))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		sums[file] = hex.EncodeToString(sum[:])
		fmt.Fprintf(&list, "%s  %s\n", sums[file], file)
		fmt.Printf("%s  %5.1f MB\n", file, float64(len(data))/1e6)
	}
	if err := os.WriteFile(filepath.Join(out, "checksums.txt"), []byte(list.String()), 0o644); err != nil {
		return err
	}
	return writeManifest("krew/lifecycle.yaml", filepath.Join(out, "lifecycle.yaml"), version, sums)
}

// commitTime is the time of the last commit, so that two builds of it agree.
func commitTime() (time.Time, error) {
	text, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
	if err != nil {
		return time.Time{}, fmt.Errorf("ask git for the time of the commit: %w", err)
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the time of the commit: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

func build(p platform, version, out string, when time.Time) (string, error) {
	binary := name
	if p.os == "windows" {
		binary += ".exe"
	}
	path := filepath.Join(out, p.os+"_"+p.arch, binary)
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+version, "-o", path, "./cmd/"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go build: %w", err)
	}
	base := fmt.Sprintf("%s_%s_%s_%s", name, version, p.os, p.arch)
	if err := writeBill(path, filepath.Join(out, base+".sbom.json"), version); err != nil {
		return "", err
	}
	files := []string{path, "LICENSE", "README.md"}
	if p.os == "windows" {
		return base + ".zip", writeZip(filepath.Join(out, base+".zip"), files, when)
	}
	return base + ".tar.gz", writeTar(filepath.Join(out, base+".tar.gz"), files, when)
}

// writeManifest fills in the template with the functions that krew-release-bot
// offers too.
func writeManifest(from, to, version string, sums map[string]string) error {
	data := map[string]string{"TagName": version}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	t, err := template.New(from).Funcs(template.FuncMap{"addURIAndSha": func(uri, _ string) (string, error) {
		full, err := fill(uri, data)
		if err != nil {
			return "", err
		}
		sum, ok := sums[full[strings.LastIndex(full, "/")+1:]]
		if !ok {
			return "", fmt.Errorf("no archive was built for %s", full)
		}
		return fmt.Sprintf("uri: %s\n    sha256: %s", full, sum), nil
	}}).Parse(string(text))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}

func fill(text string, data map[string]string) (string, error) {
	t, err := template.New("uri").Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, data)
	return b.String(), err
}
