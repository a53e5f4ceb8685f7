package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/image"
)

// MissingError says what a machine lacks, one line for each thing.
type MissingError struct {
	What    string
	Missing []string
}

// Error lists what is missing.
func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is not possible here:\n  - %s", e.What, strings.Join(e.Missing, "\n  - "))
}

// CheckControlPlane tells what is missing for a control plane.
func CheckControlPlane() error {
	if _, err := exec.LookPath("go"); err != nil {
		return &MissingError{What: "a control plane", Missing: []string{"no go in PATH (it builds the servers)"}}
	}
	return nil
}

// CheckNode tells what is missing for a node: everything at once, with the
// Debian package that brings it.
func CheckNode() error {
	var missing []string
	if os.Geteuid() != 0 {
		missing = append(missing, "not root (a kubelet and containers need it; the tests with an API server alone do not: make test-api)")
	}
	for program, pkg := range map[string]string{"containerd": "containerd", "ctr": "containerd", "runc": "runc",
		"nsenter": "util-linux", "mount": "mount", "nice": "coreutils"} {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, fmt.Sprintf("no %s in PATH (Debian: apt-get install %s)", program, pkg))
		}
	}
	if _, err := cniDir(); err != nil {
		missing = append(missing, err.Error())
	}
	if _, err := image.StaticBusybox(); err != nil {
		missing = append(missing, err.Error())
	}
	if dirs, err := hierarchies(); err != nil || len(dirs) == 0 {
		missing = append(missing, "no cgroups are mounted")
	}
	if len(missing) > 0 {
		sort.Strings(missing)
		return &MissingError{What: "a node", Missing: missing}
	}
	return nil
}

func cniDir() (string, error) {
	for _, dir := range []string{"/usr/lib/cni", "/opt/cni/bin"} {
		found := true
		for _, plugin := range []string{"ptp", "host-local", "loopback"} {
			if _, err := os.Stat(filepath.Join(dir, plugin)); err != nil {
				found = false
			}
		}
		if found {
			return dir, nil
		}
	}
	return "", fmt.Errorf("no CNI plugins ptp, host-local and loopback in /usr/lib/cni or /opt/cni/bin (Debian: apt-get install containernetworking-plugins)")
}
