package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestReference keeps the reference and the man pages equal to what the commands
// say of themselves. They are written here, in a test, so that the program does
// not carry the writer around.
func TestReference(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	t.Setenv("HOME", "/home/user") // stands in the default of --cache-dir
	root, _ := newRoot(&env{Getenv: func(string) string { return "" }})
	root.InitDefaultHelpFlag()
	want := map[string]string{"docs/reference/README.md": referenceIndex(root)}
	for _, cmd := range documented(root) {
		cmd.InitDefaultHelpFlag()
		want["docs/reference/"+pageName(cmd)+".md"] = referencePage(cmd)
		want["docs/reference/man/"+manName(cmd)+".1"] = manPage(cmd)
	}
	stale, err := filepath.Glob("docs/reference/*.md")
	if err != nil {
		t.Fatal(err)
	}
	man, err := filepath.Glob("docs/reference/man/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(stale, man...) {
		if _, ok := want[filepath.ToSlash(file)]; !ok {
			if !*update {
				t.Errorf("%s belongs to no command", file)
			} else if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	for file, text := range want {
		compareFile(t, file, text)
	}
}

// compareFile demands that a generated file is fresh; -update writes it.
func compareFile(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("%s is stale (-file +program); make docs mends it\n%s", file, diff)
	}
}

// documented are all commands that help shows, parents first.
func documented(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			all = append(all, documented(c)...)
		}
	}
	return all
}

func pageName(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return "kubectl-lifecycle"
	}
	words := strings.Fields(cmd.CommandPath())
	return strings.Join(words[2:], "-")
}

func manName(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return "kubectl-lifecycle"
	}
	return "kubectl-lifecycle-" + pageName(cmd)
}

func referenceIndex(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Command reference\n\nWritten by the program itself; the same as man pages: [man/](man/). The flags that all commands have: [kubectl-lifecycle](kubectl-lifecycle.md).\n\n| Command | |\n| --- | --- |\n")
	for _, cmd := range documented(root) {
		fmt.Fprintf(&b, "| [`%s`](%s.md) | %s |\n", cmd.CommandPath(), pageName(cmd), cmd.Short)
	}
	return b.String()
}

// ownFlags are those that help shows: of the root, the flags of all commands.
func ownFlags(cmd *cobra.Command) *pflag.FlagSet {
	if !cmd.HasParent() {
		return cmd.PersistentFlags()
	}
	return cmd.LocalNonPersistentFlags()
}

func description(cmd *cobra.Command) string {
	if cmd.Long != "" {
		return cmd.Long
	}
	return cmd.Short
}

func referencePage(cmd *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", cmd.CommandPath())
	for paragraph := range strings.SplitSeq(description(cmd), "\n\n") {
		if strings.HasPrefix(paragraph, " ") || strings.Contains(paragraph, "\n  ") || strings.Contains(paragraph, "\n\t") {
			paragraph = "```text\n" + paragraph + "\n```"
		}
		b.WriteString(paragraph + "\n\n")
	}
	if cmd.Runnable() {
		fmt.Fprintf(&b, "```text\n%s\n```\n\n", cmd.UseLine())
	}
	if cmd.Example != "" {
		fmt.Fprintf(&b, "## Examples\n\n```text\n%s\n```\n\n", cmd.Example)
	}
	title := "Flags"
	if !cmd.HasParent() {
		title = "Flags of all commands"
	}
	fmt.Fprintf(&b, "## %s\n\n```text\n%s\n```\n\n", title, strings.TrimRight(ownFlags(cmd).FlagUsages(), "\n"))
	b.WriteString(seeAlso(cmd, func(c *cobra.Command) string { return fmt.Sprintf("- [%s](%s.md)\n", c.CommandPath(), pageName(c)) }, "## See also\n\n"))
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func seeAlso(cmd *cobra.Command, link func(*cobra.Command) string, title string) string {
	var links strings.Builder
	if cmd.HasParent() {
		links.WriteString(link(cmd.Parent()))
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			links.WriteString(link(c))
		}
	}
	if links.Len() == 0 {
		return ""
	}
	return title + links.String()
}

func manPage(cmd *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %q 1 \"\" \"kubectl lifecycle\" \"User Commands\"\n", strings.ToUpper(manName(cmd)))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manName(cmd)), roff(cmd.Short))
	if cmd.Runnable() {
		fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(cmd.UseLine()))
	}
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s", verbatim(description(cmd)))
	b.WriteString(".SH OPTIONS\n")
	ownFlags(cmd).VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		b.WriteString(".TP\n.B ")
		if f.Shorthand != "" {
			b.WriteString(roff("-" + f.Shorthand + ", "))
		}
		fmt.Fprintf(&b, "%s\n%s", roff(strings.TrimSpace("--"+f.Name+" "+name)), roff(usage))
		if f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "false" && f.DefValue != "0" {
			b.WriteString(roff(" (default " + f.DefValue + ")"))
		}
		b.WriteString("\n")
	})
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n%s", verbatim(cmd.Example))
	}
	b.WriteString(".SH EXIT STATUS\n0: done. 1: findings at or above \\-\\-fail\\-on (lint, explain). 2: the work could not be done.\n")
	b.WriteString(seeAlso(cmd, func(c *cobra.Command) string { return fmt.Sprintf(".BR %s (1)\n", roff(manName(c))) }, ".SH SEE ALSO\n"))
	return b.String()
}

// verbatim keeps line breaks: the texts are made for terminals.
func verbatim(text string) string { return ".nf\n" + roff(text) + "\n.fi\n" }

// roff escapes what the formatter of man pages would take for a command.
func roff(text string) string {
	text = strings.ReplaceAll(text, `\`, `\e`)
	text = strings.ReplaceAll(text, "-", `\-`)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
