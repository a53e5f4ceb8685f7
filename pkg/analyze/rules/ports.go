package rules

import (
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// numeric says whether a port given as text is a number after all; the kubelet
// takes such a text for the number.
func numeric(port string) bool {
	_, err := strconv.Atoi(port)
	return err == nil
}

// portNames lists the names of the container's ports for a help text.
func portNames(c analyze.Container) string {
	var names []string
	for _, p := range c.Ports {
		if p.Name != "" {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}
