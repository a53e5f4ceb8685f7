package explain

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// nodesWord is "no node", "the node" or "2 of 3 nodes": whom a predicate excludes.
func nodesWord(n, total int) string {
	switch {
	case total == 1:
		return "the only node"
	case n >= total:
		if total == 2 {
			return "both nodes"
		}
		return fmt.Sprintf("all %d nodes", total)
	}
	return fmt.Sprintf("%d of %d nodes", n, total)
}

// predicate explains one reason of the scheduler and checks it against the
// nodes, where they were seen (C384).
func (v *podView) predicate(p predicateCount, fit fitError, base []Evidence) finding {
	who, t := nodesWord(p.nodes, fit.total), p.text
	switch {
	case strings.HasPrefix(t, "Insufficient "):
		return v.insufficient(strings.TrimPrefix(t, "Insufficient "), who, base)
	case strings.Contains(t, "taint"):
		return v.tainted(t, who, base)
	case strings.Contains(t, "node affinity/selector"), strings.Contains(t, "scheduler-enforced node affinity"), t == "pod affinity terms conflict":
		return v.nodeAffinity(who, base)
	case strings.Contains(t, "were unschedulable"):
		return v.cordoned(who, base)
	case strings.Contains(t, "topology spread"):
		return v.spread(t, who, base)
	case strings.Contains(t, "free ports"):
		return v.hostPorts(who, base)
	}
	one := min(p.nodes, fit.total) == 1
	for _, w := range predicateWords() {
		if containsAny(t, w.words...) {
			text := strings.NewReplacer("WHO", who, "HAS", choose(one, "has", "have"), "IT", choose(one, "it", "them"), "S ", choose(one, "s ", " "), "TEXT", t).Replace(w.what)
			if w.id == idNoVolume {
				text += v.unboundClaim()
			}
			f := v.unschedulable(w.id, text, base)
			f.Detail = w.detail
			return f
		}
	}
	if rest, ok := strings.CutPrefix(t, "node(s) "); ok {
		return v.unschedulable(idUnschedulable, who+" "+rest, base) // "1 of 3 nodes had volume node affinity conflict"
	}
	return v.unschedulable(idUnschedulable, who+": "+t, base)
}

// A predicateWording is a reason of the scheduler that needs no further look.
type predicateWording struct {
	id    string
	words []string
	// what with WHO, HAS, IT and a capital S for the verb's ending.
	what, detail string
}

func predicateWords() []predicateWording {
	return []predicateWording{
		{idTooManyPods, []string{"Too many pods"}, "WHO runS as many pods as the kubelet allows", "the kubelet's limit is usually 110 pods per node"},
		{idAntiAffinity, []string{"anti-affinity"}, "WHO holdS pods that its anti-affinity (or theirs) excludes", "with as many replicas as nodes a rolling update needs maxSurge 0"},
		{idPodAffinity, []string{"pod affinity rules"}, "WHO holdS no pod that its pod affinity asks for", ""},
		{
			idVolumeZone,
			[]string{"volume node affinity", "PersistentVolume's node affinity", "no available volume zone"},
			"WHO cannot reach its volume (the volume's node affinity or zone excludes IT)",
			"a volume stays in its zone or on its node; the pod has to run there",
		},
		{idNoVolume, []string{"find available persistent volumes", "enough free storage"}, "WHO offerS no persistent volume that fits its claim", ""},
		{idVolumeGone, []string{"non-existent pv"}, "its claim is bound to a persistent volume that does not exist", ""},
		{idVolumeInUse, []string{"ReadWriteOncePod"}, "its ReadWriteOncePod volume is in use by another pod", ""},
		{idVolumeInUse, []string{"no available disk"}, "its disk is in use on WHO", ""},
		{idVolumeLimit, []string{"max volume count"}, "WHO HAS as many volumes attached as the driver allows", ""},
		{idCSIMissing, []string{"CSI driver is not installed"}, "WHO lackS the CSI driver of its volume", ""},
		{idNodeName, []string{"requested node name"}, "WHO HAS another name than spec.nodeName", ""},
		{idDRA, []string{"resourceclaim", "allocate all claims", "resource claim", "device class"}, "WHO: TEXT", "dynamic resource allocation could not satisfy its resource claims"},
	}
}

// unboundClaim names the claim of the pod that waits for a volume: ` "data"`; ""
// where none was seen.
func (v *podView) unboundClaim() string {
	for _, vol := range v.pod.Spec.Volumes {
		if vol.PersistentVolumeClaim == nil {
			continue
		}
		o, _ := v.claim(vol.PersistentVolumeClaim.ClaimName)
		if o == nil {
			continue
		}
		if claim, ok := o.API.(*corev1.PersistentVolumeClaim); ok && claim.Status.Phase != corev1.ClaimBound {
			return fmt.Sprintf(" %q", claim.Name)
		}
	}
	return ""
}

// insufficient compares the pod's request with what the nodes have.
func (v *podView) insufficient(name, who string, base []Evidence) finding {
	res := corev1.ResourceName(name)
	request := podRequest(v.pod, res)
	id := idInsufficient
	f := v.unschedulable(id, "", base)
	f.Evidence = append(f.Evidence, v.see("spec.containers[*].resources.requests["+name+"]", request.String()))
	largest, node, all := v.largestNode(res)
	switch {
	case node != "" && request.Cmp(largest) > 0 && all:
		f.ID = idTooLarge
		if largest.IsZero() {
			f.ID, f.Summary = idNoDevice, fmt.Sprintf("it requests %s %s, which no node offers", request.String(), word(name))
			f.Detail = "the device plugin that offers it may not run"
			break
		}
		f.Summary = fmt.Sprintf("it requests %s %s, more than any node has (the largest, %s, has %s)", request.String(), word(name), node, largest.String())
		f.Detail = "it can never be scheduled on these nodes: lower the request or add a larger node"
		f.Evidence = append(f.Evidence, proof(v.nodeRef(node), "status.allocatable["+name+"]", largest.String()))
	default:
		f.Summary = fmt.Sprintf("it requests %s %s, and %s %s not have that much free", request.String(), word(name), who, are(singular(who), "does", "do"))
		f.Detail = "what counts are the requests of the pods that are there, not their usage"
	}
	f.says = "cannot be scheduled: " + f.Summary
	if len(v.nodes) == 0 {
		f.gaps = append(f.gaps, missing(analyze.KindNode, "", "whether the request fits any node at all"))
	}
	f.actions = []Action{look("kubectl describe nodes", "allocatable and allocated resources of each node")}
	return f
}

func singular(who string) int {
	if strings.HasPrefix(who, "the only") || strings.HasPrefix(who, "1 of") {
		return 1
	}
	return 2
}

// word names a resource in a sentence.
func word(resource string) string {
	switch resource {
	case "cpu":
		return "cpu"
	case "ephemeral-storage":
		return "of ephemeral storage"
	case "memory":
		return "of memory"
	}
	return "of " + resource
}

// largestNode is the node with the most of a resource; all says that every node
// of the cluster was seen.
func (v *podView) largestNode(res corev1.ResourceName) (q resourceQuantity, name string, all bool) {
	for _, n := range analyze.All[*corev1.Node](v.s, analyze.KindNode, "") {
		have := n.Status.Allocatable[res]
		if name == "" || have.Cmp(q) > 0 {
			q, name = have, n.Name
		}
	}
	return q, name, v.s.Sees(analyze.KindNode, "")
}

// podRequest is what the scheduler counts for a pod: the larger of the sum of
// app containers and sidecars and any init container beside the sidecars before
// it, plus overhead; a pod-level request wins.
func podRequest(pod *corev1.Pod, res corev1.ResourceName) resourceQuantity {
	var sum, sidecars, initMax resourceQuantity
	for i := range pod.Spec.Containers {
		sum.Add(pod.Spec.Containers[i].Resources.Requests[res])
	}
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		need := c.Resources.Requests[res].DeepCopy()
		if analyze.IsSidecar(c) {
			sidecars.Add(need)
			need = sidecars.DeepCopy()
		} else {
			need.Add(sidecars)
		}
		if need.Cmp(initMax) > 0 {
			initMax = need
		}
	}
	sum.Add(sidecars)
	if initMax.Cmp(sum) > 0 {
		sum = initMax
	}
	if pod.Spec.Resources != nil {
		if q, ok := pod.Spec.Resources.Requests[res]; ok {
			sum = q.DeepCopy()
		}
	}
	if q, ok := pod.Spec.Overhead[res]; ok {
		sum.Add(q)
	}
	return sum
}

var taintInText = regexp.MustCompile(`taint(?:s)? \{([^}]*)\}`)

// tainted names the taints that the pod does not tolerate; since 1.35 the
// message does not, so the nodes are read.
func (v *podView) tainted(text, who string, base []Evidence) finding {
	f := v.unschedulable(idTaint, "", base)
	var found []string
	for _, n := range analyze.All[*corev1.Node](v.s, analyze.KindNode, "") {
		for i, t := range n.Spec.Taints {
			if t.Effect == corev1.TaintEffectPreferNoSchedule || tolerated(v.pod, &n.Spec.Taints[i]) {
				continue
			}
			f.Evidence = append(f.Evidence, proof(v.nodeRef(n.Name), fmt.Sprintf("spec.taints[%d]", i), t.ToString()))
			if s := t.ToString(); !strings.Contains(strings.Join(found, " "), s) {
				found = append(found, s)
			}
		}
	}
	if g := taintInText.FindStringSubmatch(text); len(found) == 0 && g != nil {
		found = append(found, strings.TrimSuffix(strings.TrimSpace(g[1]), ":"))
	}
	has := are(singular(who), "has", "have")
	f.Summary = fmt.Sprintf("%s %s a taint that it does not tolerate", who, has)
	if len(found) > 0 {
		f.Summary += " (" + list(found, 3) + ")"
	} else if len(v.nodes) == 0 {
		f.gaps = append(f.gaps, missing(analyze.KindNode, "", "which taint it is"))
	}
	f.Detail = "add a toleration to the pod if it may run there, or remove the taint"
	for _, t := range found {
		if strings.HasPrefix(t, "node.kubernetes.io/not-ready") || strings.HasPrefix(t, "node.kubernetes.io/unreachable") {
			f.Detail = joinDetail("Kubernetes sets this taint by itself: the node is not ready", v.whyNotReady())
			f.consequence = true
		}
	}
	f.says = "cannot be scheduled: " + f.Summary
	f.actions = []Action{look("kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints", "the taints of all nodes")}
	return f
}

// whyNotReady is what the first node that is not ready says about itself.
func (v *podView) whyNotReady() string {
	for _, n := range analyze.All[*corev1.Node](v.s, analyze.KindNode, "") {
		if c := nodeCondition(n, corev1.NodeReady); c != nil && c.Status != corev1.ConditionTrue && c.Message != "" {
			return fmt.Sprintf("node %s: %s", n.Name, strings.TrimRight(shorten(c.Message, 160), "."))
		}
	}
	return ""
}

func tolerated(pod *corev1.Pod, taint *corev1.Taint) bool {
	for i := range pod.Spec.Tolerations {
		if t := &pod.Spec.Tolerations[i]; tolerates(t, taint) {
			return true
		}
	}
	return false
}

// tolerates is the API's own rule (k8s.io/api/core/v1/toleration.go), without
// the numeric operators.
func tolerates(t *corev1.Toleration, taint *corev1.Taint) bool {
	if t.Effect != "" && t.Effect != taint.Effect || t.Key != "" && t.Key != taint.Key {
		return false
	}
	return t.Operator == corev1.TolerationOpExists || (t.Operator == "" || t.Operator == corev1.TolerationOpEqual) && t.Value == taint.Value
}

func (v *podView) cordoned(who string, base []Evidence) finding {
	f := v.unschedulable(idCordoned, fmt.Sprintf("%s %s cordoned (unschedulable)", who, are(singular(who), "is", "are")), base)
	var names, lost []string
	for _, n := range analyze.All[*corev1.Node](v.s, analyze.KindNode, "") {
		if n.Spec.Unschedulable {
			if c := nodeCondition(n, corev1.NodeReady); c != nil && c.Status != corev1.ConditionTrue {
				lost = append(lost, n.Name)
				f.Evidence = append(f.Evidence, proof(v.nodeRef(n.Name), "status.conditions[Ready]", string(c.Status)+" "+c.Reason).when(c.LastTransitionTime.Time))
			}
			f.Evidence = append(f.Evidence, proof(v.nodeRef(n.Name), "spec.unschedulable", "true"))
			f.actions = append(f.actions, change("kubectl uncordon "+shell(n.Name), "lets the scheduler use the node again"))
			names = append(names, n.Name)
		}
	}
	if len(names) > 0 {
		f.Summary = fmt.Sprintf("%s %s cordoned (unschedulable: %s)", who, are(singular(who), "is", "are"), list(names, 3))
		f.says = "cannot be scheduled: " + f.Summary
	}
	if len(f.actions) > 1 {
		f.actions = []Action{look("kubectl get nodes", "the cordoned nodes (SchedulingDisabled)")}
	}
	f.Detail = "somebody, or a drain, has done that"
	if len(lost) > 0 {
		f.Summary += fmt.Sprintf("; %s %s not ready either", list(lost, 3), are(len(lost), "is", "are"))
		f.says = "cannot be scheduled: " + f.Summary
		f.actions = append([]Action{look("kubectl describe node "+shell(lost[0]), "why the node is not ready")}, f.actions...)
	}
	return f
}

func (v *podView) spread(text, who string, base []Evidence) finding {
	var keys []string
	for _, c := range v.pod.Spec.TopologySpreadConstraints {
		if c.WhenUnsatisfiable == corev1.DoNotSchedule {
			keys = append(keys, c.TopologyKey)
		}
	}
	what := fmt.Sprintf("%s would violate its topology spread constraint", who)
	if len(keys) > 0 {
		what += " (" + list(keys, 3) + ")"
	}
	if strings.Contains(text, "missing required label") {
		what = fmt.Sprintf("%s %s the label of its topology spread constraint (%s)", who, are(singular(who), "lacks", "lack"), list(keys, 3))
	}
	f := v.unschedulable(idSpread, what, base)
	f.Detail = "during a rollout pods of the old revision count too, unless matchLabelKeys excludes them"
	return f
}

// hostPorts names the ports and, where it is seen, the pod that has them.
func (v *podView) hostPorts(who string, base []Evidence) finding {
	f := v.unschedulable(idHostPort, "", base)
	wanted := hostPortsOf(v.pod)
	var holders []string
	for _, other := range analyze.All[*corev1.Pod](v.s, analyze.KindPod, "") {
		if other == v.pod || other.Spec.NodeName == "" || terminal(other) {
			continue
		}
		for _, p := range hostPortsOf(other) {
			for _, w := range wanted {
				if p == w {
					holders = append(holders, "pod/"+other.Name)
				}
			}
		}
	}
	f.Summary = fmt.Sprintf("%s %s no free host port for it (%s)", who, are(singular(who), "has", "have"), list(wanted, 4))
	if len(holders) > 0 {
		f.Summary += "; " + list(holders, 3) + are(len(holders), " has it", " have it")
	}
	f.says = "cannot be scheduled: " + f.Summary
	f.Detail = "a host port can be used once per node; a rolling update of such pods needs maxSurge 0"
	return f
}

func hostPortsOf(pod *corev1.Pod) []string {
	var out []string
	all := append(append([]corev1.Container{}, pod.Spec.InitContainers...), pod.Spec.Containers...)
	for _, c := range all {
		for _, p := range c.Ports {
			port := p.HostPort
			if pod.Spec.HostNetwork && port == 0 {
				port = p.ContainerPort
			}
			if port != 0 {
				out = append(out, fmt.Sprintf("%d/%s", port, strings.ToLower(string(orTCP(p.Protocol)))))
			}
		}
	}
	return out
}

func orTCP(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}
