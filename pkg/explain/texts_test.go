package explain

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// TestStartTexts reads what runtimes say when a container does not start: the
// image is to blame only where they speak of the command.
func TestStartTexts(t *testing.T) {
	const runc = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "
	for _, c := range []struct{ message, want string }{
		{runc + `exec: "server": executable file not found in $PATH: unknown`, idCommandNotFound},
		{runc + `exec: "/run.sh": stat /run.sh: no such file or directory: unknown`, idCommandNotFound},
		{runc + `error during container init: exec: "/app/run": stat /app/run: not a directory: unknown`, idCommandNotFound},
		{`OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "/run.sh": permission denied: unknown`, idCommandPermission},
		{`oci runtime error: container_linux.go:247: starting container process caused "exec: \"/run.sh\": stat /run.sh: no such file or directory"`, idCommandNotFound},
		{"OCI runtime create failed: crun: executable file `/run.sh` not found: No such file or directory: unknown", idCommandNotFound},
		{runc + `exec: "/srv": is a directory: permission denied: unknown`, idCommandPermission},
		{runc + `error during container init: exec: "/hook.sh": permission denied: unknown`, idCommandPermission},
		{runc + `error during container init: chdir to cwd ("/srv/app") set in config.json failed: no such file or directory: unknown`, idWorkingDir},
		{runc + `error during container init: error mounting "/var/lib/kubelet/pods/1/volume-subpaths/conf/app/0" to rootfs at "/etc/app": mount src=/x, dst=/etc/app: not a directory: unknown`, idMountConflict},
		{runc + `container init was OOM-killed (memory limit too low?): unknown`, idMemoryTooSmall},
		{runc + `unable to apply cgroup configuration: unable to set memory limit to 4194304 (current usage: 6008832, peak usage: 9523200): unknown`, idMemoryTooSmall},
		// What is missing here is missing on the node.
		{runc + `error during container init: unable to apply apparmor profile: apparmor failed to apply profile: write fsmount:fscontext:proc/thread-self/attr/apparmor/exec: no such file or directory: unknown`, idStartError},
		{runc + `error during container init: error running prestart hook #0: exit status 1, stderr: nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory: unknown`, idStartError},
		{`failed to create containerd task: failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/containerd/io.containerd.runtime.v2.task/k8s.io/ab/log.json: no such file or directory): fork/exec /usr/bin/nvidia-container-runtime: no such file or directory: unknown`, idStartError},
		{runc + `error during container init: open /proc/sys/net/core/somaxconn: no such file or directory: unknown`, idStartError},
		{`failed to create containerd task: failed to mount rootfs component: failed to mount overlay: no such file or directory`, idStartError},
		{runc + `error during container init: write /proc/self/attr/keycreate: permission denied: unknown`, idStartError},
		{`Error response from daemon: error gathering device information while adding custom device "/dev/fuse": no such file or directory`, idStartError},
		{runc + `error during container init: error setting cgroup config for procHooks process: openat2 /sys/fs/cgroup/kubepods.slice/cpu.max: no such file or directory: unknown`, idStartError},
	} {
		f, _ := classifyStart(c.message, &containerView{Container: analyze.Container{Container: &corev1.Container{Name: "app"}}, v: &podView{}})
		if f.ID != c.want {
			t.Errorf("%s\nis %s, want %s", c.message, f.ID, c.want)
		}
	}
}

// TestPullTexts reads what runtimes say when an image is not pulled: digits of a
// digest are no status code, and who cannot reach the token's giver is not denied.
func TestPullTexts(t *testing.T) {
	const pull = `failed to pull and unpack image "r.example/app:1": `
	const resolve = pull + `failed to resolve reference "r.example/app:1": `
	for _, c := range []struct{ message, want string }{
		{`failed to pull and unpack image "r.example/app@sha256:401f40129ab3": failed to resolve reference "r.example/app@sha256:401f40129ab3": r.example/app@sha256:401f40129ab3: not found`, idImageNotFound},
		{resolve + `failed to authorize: failed to fetch anonymous token: Get "https://auth.example/token?service=r": dial tcp 10.1.2.3:443: i/o timeout`, idRegistryDown},
		{resolve + `failed to authorize: failed to fetch anonymous token: Get "https://auth.example/token": dial tcp: lookup auth.example on 10.96.0.10:53: no such host`, idRegistryDNS},
		{resolve + `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.example/token: 401 Unauthorized`, idImageDenied},
		{resolve + `failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://auth.example/token: 400 Bad Request`, idImageDenied},
		{resolve + `unexpected status from HEAD request to https://r.example/v2/app/manifests/1: 403 Forbidden`, idImageDenied},
		{resolve + `unexpected status from HEAD request to https://r.example/v2/app/manifests/1: 500 Internal Server Error`, idRegistryDown},
		{resolve + `failed to do request: Head "https://r.example/v2/app/manifests/1": net/http: TLS handshake timeout`, idRegistryDown},
		{resolve + `failed to do request: Head "https://r.example/v2/app/manifests/1": tls: failed to verify certificate: x509: certificate has expired`, idRegistryTLS},
		{resolve + `failed to do request: Head "https://r.example/v2/app/manifests/1": http: server gave HTTP response to HTTPS client`, idRegistryTLS},
		{pull + `failed to extract layer sha256:ab: mkdir /var/lib/containerd/tmpmounts/x: permission denied: unknown`, idImagePull},
		{pull + `failed to extract layer sha256:ab: write /x: no space left on device: unknown`, idImageNoSpace},
		{`Error response from daemon: manifest for r.example/app:1 not found: manifest unknown: manifest unknown`, idImageNotFound},
		{`no matching manifest for linux/arm64/v8 in the manifest list entries`, idPlatform},
		{`denied: requested access to the resource is denied`, idImageDenied},
		{`pull access denied for app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`, idImageDenied},
	} {
		if got := classifyImage("ErrImagePull", c.message).id; got != c.want {
			t.Errorf("%s\nis %s, want %s", c.message, got, c.want)
		}
	}
}
