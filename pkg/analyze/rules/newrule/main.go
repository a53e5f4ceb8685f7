// Command newrule writes the two files of a new lint rule, for somebody to fill.
// It does not add the rule to the list in rules.go: that line is the author's.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const folder = "pkg/analyze/rules"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

var (
	idForm   = regexp.MustCompile(`^KL[1-79][0-9]{2}$`)
	nameForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
)

func run(args []string) error {
	if len(args) != 2 || !idForm.MatchString(args[0]) || !nameForm.MatchString(args[1]) {
		return errors.New("usage: make rule ID=KL117 NAME=two-or-more-words")
	}
	id, name := args[0], args[1]
	base := filepath.Join(folder, strings.ToLower(id))
	for file, text := range map[string]string{base + ".go": code, base + ".txtar": document} {
		text = strings.NewReplacer("@ID", id, "@NAME", name, "@FUNC", camel(name)).Replace(text)
		if err := create(file, text); err != nil {
			return err
		}
		fmt.Println("wrote", file)
	}
	fmt.Printf("now add %s() to the list in %s/rules.go, in the order of the ids\n", camel(name), folder)
	return nil
}

func create(file, text string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// camel turns "two-words" into "twoWords".
func camel(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

const code = `package rules

import "github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"

func @FUNC() *analyze.Rule {
	return &analyze.Rule{
		ID: "@ID", Name: "@NAME",
		Title:    "one general sentence about what is wrong, without a full stop",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K33")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				if c.Name != "bad" {
					continue
				}
				p.ReportIn(c, c.Path, "what is wrong here, with the numbers").
					Fix("what to do")
			}
		},
	}
}
`

const document = `# The rule as a heading

Why it hurts, when it happens, and the arithmetic.
-- bad.yaml --
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: bad # want @ID ` + "`what is wrong`" + `
      image: example.com/web:1
-- good.yaml --
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: app
      image: example.com/web:1
`
