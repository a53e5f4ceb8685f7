package e2e

func configStates() []state {
	waiting := []string{"ContainerCreating", "Pending"}
	return []state{
		{
			name: "image-never",
			manifest: `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [
{name: app, image: "registry.test/absent:1", imagePullPolicy: Never}]}}`,
			status: []string{"ErrImageNeverPull"}, severity: bad(), mention: [][]string{{"registry.test/absent:1"}, {"never"}},
		},
		{
			// An address where nobody listens, on this machine: refused at once.
			name:     "image-pull",
			manifest: `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: app, image: "127.0.0.1:1/absent:1"}]}}`,
			status:   []string{"ErrImagePull", "ImagePullBackOff"}, severity: bad(),
			mention: [][]string{{"127.0.0.1:1/absent:1"}, {"image", "pull"}}, never: []string{"oom", "crash"},
		},
		{
			name:     "image-name-invalid",
			manifest: `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: app, image: "NOT/VALID:1"}]}}`,
			status:   []string{"InvalidImageName"}, severity: bad(), mention: [][]string{{"not/valid"}, {"invalid", "not a valid", "image name"}},
		},
		{
			name:     "configmap-missing",
			manifest: pod(sleeps, "    envFrom: [{configMapRef: {name: settings}}]\n", ""),
			status:   []string{"CreateContainerConfigError"}, severity: bad(),
			mention: [][]string{{"configmap"}, {"settings"}}, never: []string{"oom"},
		},
		{
			name:     "configmap-key-missing",
			manifest: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {other: x}\n---\n" + pod(sleeps, "    env: [{name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}]\n", ""),
			status:   []string{"CreateContainerConfigError"}, severity: bad(), mention: [][]string{{"settings"}, {"color"}},
		},
		{
			name:     "run-as-non-root",
			manifest: pod(sleeps, "    securityContext: {runAsNonRoot: true}\n", ""),
			status:   []string{"CreateContainerConfigError"}, severity: bad(), mention: [][]string{{"root"}},
		},
		{
			name:     "secret-volume-missing",
			manifest: pod(sleeps, "    volumeMounts: [{name: keys, mountPath: /keys}]\n", "  volumes: [{name: keys, secret: {secretName: api-keys}}]\n"),
			status:   waiting, severity: notWell(), mention: [][]string{{"secret"}, {"api-keys"}},
			settled: eventSays("FailedMount"),
		},
		{
			name:     "host-path-missing",
			manifest: pod(sleeps, "    volumeMounts: [{name: data, mountPath: /data}]\n", "  volumes: [{name: data, hostPath: {path: /no/such/folder, type: Directory}}]\n"),
			severity: notWell(), mention: [][]string{{"/no/such/folder", "hostpath"}},
			settled: eventSays("FailedMount"),
		},
		{
			name:     "pvc-missing",
			manifest: pod(sleeps, "", "  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n"),
			status:   []string{"Pending"}, severity: notWell(), mention: [][]string{{"persistentvolumeclaim", "claim", "pvc"}, {"data"}},
		},
		{
			name: "pvc-unbound",
			manifest: `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], storageClassName: "none-such", resources: {requests: {storage: 1Gi}}}
---
` + pod(sleeps, "", "  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n"),
			status: []string{"Pending"}, severity: notWell(), mention: [][]string{{"persistentvolumeclaim", "claim", "pvc"}, {"unbound", "bound", "storage class", "storageclass", "none-such"}},
		},
	}
}
