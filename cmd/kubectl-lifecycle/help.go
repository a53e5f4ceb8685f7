package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// The connection flags are two dozen and the same everywhere, so help shows
// what belongs to the command, as kubectl does.
const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}{{end}}{{if and .HasParent .HasAvailableLocalFlags}}

Flags:
{{.LocalNonPersistentFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableSubCommands}}

"{{.CommandPath}} COMMAND --help" tells more about a command.{{end}}
"kubectl lifecycle options" lists the flags that all commands have.
`

func setUpHelp(root *cobra.Command) {
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpCommand(&cobra.Command{
		Use: "help [COMMAND]", Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("unknown command %q%s", strings.Join(args, " "), didYouMean(cmd.Root().SuggestionsFor(args[0])))
			}
			return about.Help()
		},
	})
}

func newOptions(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "options",
		Short: "List the flags that all commands have",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.print(func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "All commands take these flags:\n\n%s", cmd.Root().PersistentFlags().FlagUsages())
				return err
			})
		},
	}
	return cmd
}
