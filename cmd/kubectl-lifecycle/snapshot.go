package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
)

func newSnapshot(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Record what explain would see, for a bug report or a test",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSnapshotSave(g))
	return cmd
}

func newSnapshotSave(g *globals) *cobra.Command {
	in := &input{}
	var to string
	cmd := &cobra.Command{
		Use:   "save (TYPE/NAME | TYPE [NAME...])",
		Short: "Write the objects that explain would read as one YAML List",
		Long: `Write the objects that explain would read as one YAML List, which explain -f
reads back. Secrets are never read; the data of ConfigMaps, managed fields and
last-applied annotations are left out, as are the fields of custom kinds, and
literal values of environment variables are masked. Names, labels, images, commands and events stay: look the
file through before you send it to anybody.`,
		Example: `  kubectl lifecycle snapshot save deploy/web -n shop > web.yaml
  kubectl lifecycle explain -f web.yaml deploy/web`,
		RunE: func(cmd *cobra.Command, args []string) error {
			req, err := in.request(g, load.Saving, args)
			if err != nil {
				return err
			}
			data, err := load.Save(cmd.Context(), req)
			if err != nil {
				return err
			}
			if to != "" {
				return os.WriteFile(to, data, 0o600)
			}
			return g.print(func(w io.Writer) error { _, err := w.Write(data); return err })
		},
		ValidArgsFunction: completeSubjects(g),
	}
	in.bind(cmd.Flags())
	cmd.Flags().StringVar(&to, "to", "", "file to write instead of standard output")
	return cmd
}
