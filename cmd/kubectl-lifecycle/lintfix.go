package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

// What --fix may be.
const (
	fixShow  = "diff"
	fixWrite = "write"
)

// fix shows, or writes, what the safe fixes of the findings would change.
func (p lintPlan) fix(g *globals, r *analyze.Report) error {
	for _, file := range fixable(r) {
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() {
			g.note("%s is not a file on disk: nothing is fixed there", file)
			continue
		}
		before, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		after, mended, err := lint.Fix(file, before, r.Findings)
		if err != nil {
			return &load.UserError{Message: err.Error(), Cause: err}
		}
		if p.fixes == fixWrite {
			if err := os.WriteFile(file, after, info.Mode().Perm()); err != nil {
				return fmt.Errorf("write %s: %w", file, err)
			}
			g.note("%s: %d mended", file, mended)
			continue
		}
		if err := g.print(func(w io.Writer) error {
			return render.Diff(w, diff.Diff(file, before, file+" (fixed)", after), p.style)
		}); err != nil {
			return err
		}
	}
	return nil
}

// fixable lists the files that findings have edits for.
func fixable(r *analyze.Report) []string {
	var files []string
	for _, f := range r.Findings {
		for _, e := range f.Edits {
			if f.Suppressed == nil && !slices.Contains(files, e.File) {
				files = append(files, e.File)
			}
		}
	}
	return files
}

// defaultConfig is read where --config names no other file.
const defaultConfig = ".kubectl-lifecycle.yaml"

// configuration reads the configuration file and the baseline.
func (f *lintFlags) configuration(all []*analyze.Rule) (lint.Config, error) {
	var c lint.Config
	name := f.config
	if name == "" {
		if _, err := os.Stat(defaultConfig); err == nil {
			name = defaultConfig
		}
	}
	data, err := readFile(name)
	if err != nil {
		return c, err
	}
	if data != nil {
		if c, err = lint.ParseConfig(data, name, all); err != nil {
			return c, &load.UserError{Message: err.Error(), Cause: err}
		}
	}
	if f.baseline == "" || f.writeBaseline {
		return c, nil
	}
	if data, err = readFile(f.baseline); err != nil {
		return c, err
	}
	if c.Baseline, err = lint.ParseBaseline(data, f.baseline); err != nil {
		return c, &load.UserError{Message: err.Error(), Cause: err}
	}
	return c, nil
}

// saveBaseline writes the findings there are as those to be mute about.
func (p lintPlan) saveBaseline(g *globals, r *analyze.Report) error {
	data, err := lint.NewBaseline(r).Bytes()
	if err != nil {
		return fmt.Errorf("encode the baseline: %w", err)
	}
	if err := os.WriteFile(p.baseline, data, 0o644); err != nil {
		return fmt.Errorf("write the baseline: %w", err)
	}
	g.note("%s: %d findings are written down; lint --baseline %s is silent about them", p.baseline, len(r.Findings)-r.Counts.Suppressed, p.baseline)
	return nil
}
