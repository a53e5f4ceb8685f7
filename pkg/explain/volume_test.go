package explain

import "testing"

// Messages of the kubelet's volume manager, and what of them tells most.
func TestAfterColon(t *testing.T) {
	for message, want := range map[string]string{
		"MountVolume.SetUp failed for volume \"v\" : configmap \"c\" not found":                                                                                                          "configmap \"c\" not found",
		"MountVolume.SetUp failed for volume \"v\" : mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs a:/b /c\nOutput: mount.nfs: access denied by a\n": "mount.nfs: access denied by a\n",
		"Unable to attach or mount volumes: unmounted volumes=[d], unattached volumes=[d], failed to process volumes=[d]: error processing PVC shop/d: PVC is not bound":                 "error processing PVC shop/d: PVC is not bound",
		"Unable to attach or mount volumes: unmounted volumes=[d], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition":                             "Unable to attach or mount volumes: unmounted volumes=[d], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition",
		"driver says no": "driver says no",
	} {
		if got := afterColon(message); got != want {
			t.Errorf("%q tells %q, want %q", message, got, want)
		}
	}
}
