package e2e

func schedulingStates() []state {
	pending := []string{"Pending"}
	return []state{
		{
			name:     "unschedulable-cpu",
			manifest: pod(sleeps, "    resources: {requests: {cpu: \"500\"}}\n", ""),
			status:   pending, severity: notWell(), mention: [][]string{{"cpu"}, {"schedul"}}, never: []string{"oom", "crash"},
		},
		{
			name:     "unschedulable-memory",
			manifest: pod(sleeps, "    resources: {requests: {memory: 50Ti}}\n", ""),
			status:   pending, severity: notWell(), mention: [][]string{{"memory"}, {"schedul"}}, never: []string{"oom", "oomkilled", "crash"},
		},
		{
			name:     "node-selector",
			manifest: pod(sleeps, "", "  nodeSelector: {disk: ssd}\n"),
			status:   pending, severity: notWell(), mention: [][]string{{"selector", "affinity"}, {"schedul", "node"}},
		},
		{
			name:     "scheduling-gate",
			manifest: pod(sleeps, "", "  schedulingGates: [{name: example.com/quota}]\n"),
			status:   []string{"SchedulingGated"}, severity: []string{"info", "warning", "error"}, mention: [][]string{{"gate"}, {"example.com/quota"}},
		},
		{
			name:     "refused-by-the-kubelet",
			manifest: pod(sleeps, "    resources: {requests: {cpu: \"500\"}}\n", "  nodeName: node1\n"),
			status:   []string{"OutOfcpu"}, severity: bad(), mention: [][]string{{"cpu"}},
		},
		{
			name:     "node-affinity-refused",
			manifest: pod(sleeps, "", "  nodeName: node1\n  nodeSelector: {disk: ssd}\n"),
			status:   []string{"NodeAffinity"}, severity: bad(), mention: [][]string{{"affinity", "selector"}},
		},
	}
}
