package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

func newSchema(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "schema KIND",
		Short: "Print the JSON Schema of a document: " + strings.Join(render.SchemaKinds(), ", "),
		Example: `  kubectl lifecycle schema Timeline
  kubectl lifecycle schema Report > report.schema.json

  # For an editor: what .kubectl-lifecycle.yaml may say
  kubectl lifecycle schema Config`,
		ValidArgs: render.SchemaKinds(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name one kind: %s", strings.Join(render.SchemaKinds(), ", "))
			}
			data, err := render.Schema(args[0])
			if err != nil {
				return usagef("%v", err)
			}
			return g.print(func(w io.Writer) error { _, err := w.Write(data); return err })
		},
	}
}
