package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const standardLibrary = "std"

// A notice is a licence that comes with linked code.
type notice struct {
	module, version string
	// file is relative to the module.
	file string
	ids  []string // SPDX
	text []byte
}

// allowed are the licences that Apache-2.0 code may be shipped together with,
// without a duty beyond the notices in the archive.
func allowed() []string {
	return []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}
}

// identify names the licences in a text by the sentences only they have.
func identify(text []byte) []string {
	words := strings.ToLower(strings.Join(strings.Fields(string(text)), " "))
	var ids []string
	for _, l := range []struct{ id, has, lacks string }{
		{"Apache-2.0", "apache license, version 2.0", ""},
		{"Apache-2.0", "apache license version 2.0", ""},
		{"MIT", "permission is hereby granted, free of charge", ""},
		{"BSD-3-Clause", "neither the name", "permission is hereby granted, free of charge"},
		{"BSD-2-Clause", "redistribution and use in source and binary forms", "neither the name"},
		{"ISC", "permission to use, copy, modify, and/or distribute", ""},
		{"ISC", "permission to use, copy, modify, and distribute", ""},
		{"MPL-2.0", "mozilla public license", ""},
		{"GPL", "gnu general public license", ""},
		{"LGPL", "gnu lesser general public license", ""},
		{"AGPL", "gnu affero general public license", ""},
	} {
		if strings.Contains(words, l.has) && (l.lacks == "" || !strings.Contains(words, l.lacks)) && !slices.Contains(ids, l.id) {
			ids = append(ids, l.id)
		}
	}
	return ids
}

// A listed is what go list says of a package.
type listed struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// readNotices finds the licence files of all packages that are linked for a
// platform: those in the package's folder and above it, up to its module. A
// module without any is an error.
func readNotices(p platform) ([]notice, error) {
	out, err := goTool(p, "list", "-deps", "-json=Dir,Standard,Module", "./cmd/"+name).Output()
	if err != nil {
		return nil, fmt.Errorf("list what is linked for %s: %w", p, err)
	}
	found := map[string]notice{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg listed
		if err := d.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read what is linked for %s: %w", p, err)
		}
		if pkg.Standard || pkg.Module == nil || pkg.Module.Main {
			continue
		}
		if err := noticesOf(pkg, found); err != nil {
			return nil, err
		}
	}
	if err := standardNotice(p, found); err != nil {
		return nil, err
	}
	var notices []notice
	for _, n := range found {
		notices = append(notices, n)
	}
	slices.SortFunc(notices, func(a, b notice) int {
		return strings.Compare(a.module+"\x00"+a.file, b.module+"\x00"+b.file)
	})
	return notices, nil
}

func noticesOf(pkg listed, found map[string]notice) error {
	some := false
	for dir := pkg.Dir; strings.HasPrefix(dir, pkg.Module.Dir); dir = filepath.Dir(dir) {
		files, err := os.ReadDir(dir)
		if err != nil {
			return fmt.Errorf("look for the licence of %s: %w", pkg.Module.Path, err)
		}
		for _, f := range files {
			if f.IsDir() || !isNotice(f.Name()) {
				continue
			}
			path := filepath.Join(dir, f.Name())
			text, err := os.ReadFile(path)
			if err != nil {
				return fmt.Errorf("read the licence of %s: %w", pkg.Module.Path, err)
			}
			rel, err := filepath.Rel(pkg.Module.Dir, path)
			if err != nil {
				return fmt.Errorf("read the licence of %s: %w", pkg.Module.Path, err)
			}
			some = true
			found[path] = notice{module: pkg.Module.Path, version: pkg.Module.Version, file: filepath.ToSlash(rel), ids: identify(text), text: text}
		}
	}
	if !some {
		return fmt.Errorf("module %s has no licence file", pkg.Module.Path)
	}
	return nil
}

func isNotice(file string) bool {
	upper := strings.ToUpper(file)
	for _, word := range []string{"LICENSE", "LICENCE", "COPYING", "NOTICE"} {
		if strings.HasPrefix(upper, word) && filepath.Ext(upper) != ".GO" {
			return true
		}
	}
	return false
}

func standardNotice(p platform, found map[string]notice) error {
	root, err := goTool(p, "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return fmt.Errorf("ask go where it is: %w", err)
	}
	dir, version, _ := strings.Cut(strings.TrimSpace(string(root)), "\n")
	text, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
	if err != nil {
		return fmt.Errorf("read the licence of Go: %w", err)
	}
	found[standardLibrary] = notice{module: standardLibrary, version: strings.TrimSpace(version), file: "LICENSE", ids: identify(text), text: text}
	return nil
}

// thirdParty is the text that goes with a binary.
func thirdParty(notices []notice) []byte {
	var b bytes.Buffer
	b.WriteString("This program contains the following code of others.\n")
	for _, n := range notices {
		fmt.Fprintf(&b, "\n%s\n%s %s, %s\n%s\n\n", strings.Repeat("=", 78), n.module, n.version, n.file, strings.Repeat("=", 78))
		b.Write(bytes.TrimSpace(n.text))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// checkLicences prints the licences of all that is linked on any platform, and
// fails if one of them is unknown or not allowed.
func checkLicences(out io.Writer) error {
	modules := map[string]int{}
	seen := map[string]bool{}
	var bad []error
	for _, p := range platforms() {
		notices, err := readNotices(p)
		if err != nil {
			return err
		}
		for _, n := range notices {
			key := n.module + " " + n.version + ", " + n.file
			if seen[key] {
				continue
			}
			seen[key] = true
			for _, id := range n.ids {
				modules[id]++
				if !slices.Contains(allowed(), id) {
					bad = append(bad, fmt.Errorf("%s is under %s, which is not allowed", key, id))
				}
			}
			if len(n.ids) == 0 && !strings.HasPrefix(strings.ToUpper(filepath.Base(n.file)), "NOTICE") {
				bad = append(bad, fmt.Errorf("%s: no known licence", key))
			}
		}
	}
	var parts []string
	for _, id := range allowed() {
		parts = append(parts, fmt.Sprintf("%s %d", id, modules[id]))
	}
	if _, err := fmt.Fprintf(out, "licences of what is linked: %s\n", strings.Join(parts, ", ")); err != nil {
		return fmt.Errorf("say which licences there are: %w", err)
	}
	return errors.Join(bad...)
}
