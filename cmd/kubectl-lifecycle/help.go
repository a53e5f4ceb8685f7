package main

import (
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
	root.SetHelpCommand(&cobra.Command{Hidden: true, Use: "no-help"})
}

func newOptions() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "options",
		Short: "List the flags that all commands have",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.Printf("All commands take these flags:\n\n%s", cmd.Root().PersistentFlags().FlagUsages())
			return nil
		},
	}
	return cmd
}
