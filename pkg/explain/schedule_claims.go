package explain

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

var claimNamed = regexp.MustCompile(`persistentvolumeclaim "([^"]+)"`)

// prefilter explains a reason that holds for all nodes at once: claims (pain 62).
func (v *podView) prefilter(fit fitError, base []Evidence) finding {
	s := fit.sentence
	name := ""
	if m := claimNamed.FindStringSubmatch(s); m != nil {
		name = m[1]
	}
	f := v.unschedulable(idUnschedulable, shorten(s, 200), base)
	switch {
	case strings.Contains(s, "waiting for ephemeral volume controller"):
		f.ID, f.Severity, f.state = idPVCPending, analyze.Warning, Waiting
	case name != "" && strings.Contains(s, "not found"):
		f.ID = idPVCMissing
		f.Summary = fmt.Sprintf("PersistentVolumeClaim %q does not exist (not found)", name)
		f.Detail = "create the claim, or correct its name in the pod's volume"
	case name != "" && strings.Contains(s, "being deleted"):
		f.ID = idPVCDeleting
		f.Summary = fmt.Sprintf("PersistentVolumeClaim %q is being deleted", name)
	case strings.Contains(s, "non-existent persistentvolume"):
		f.ID = idVolumeGone
	case strings.Contains(s, "unbound immediate PersistentVolumeClaims"):
		v.unbound(&f)
	case name != "":
		f.ID = idPVCPending
	case containsAny(s, "resourceclaim", "resource claim", "device class"):
		f.ID = idDRA
	}
	if name != "" {
		if at := v.claimPath(name); at != "" {
			f.Evidence = append(f.Evidence, v.see(at, name))
		}
		f.actions = []Action{look("kubectl get pvc "+shell(name)+v.ns(), "the claim")}
	}
	f.says = "cannot be scheduled: " + f.Summary
	return f
}

func (v *podView) claimPath(claim string) string {
	for i, vol := range v.pod.Spec.Volumes {
		if vol.PersistentVolumeClaim != nil && vol.PersistentVolumeClaim.ClaimName == claim {
			return fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", i)
		}
	}
	return ""
}

// unbound looks at the claims themselves: storage class, provisioner's events.
func (v *podView) unbound(f *finding) {
	f.ID, f.Summary = idPVCUnbound, "a PersistentVolumeClaim of its volumes is not bound"
	f.actions = []Action{look("kubectl get pvc"+v.ns(), "the claims and their storage classes")}
	var seen bool
	for _, vol := range v.pod.Spec.Volumes {
		if vol.PersistentVolumeClaim == nil {
			continue
		}
		o, _ := v.claim(vol.PersistentVolumeClaim.ClaimName)
		if o == nil {
			continue
		}
		seen = true
		claim, ok := o.API.(*corev1.PersistentVolumeClaim)
		if !ok || claim.Status.Phase == corev1.ClaimBound {
			continue
		}
		why, ev := v.whyUnbound(o, claim)
		f.Summary = fmt.Sprintf("PersistentVolumeClaim %q is not bound%s", claim.Name, why)
		f.Evidence = append(f.Evidence, proof(o.Ref, "status.phase", string(claim.Status.Phase)))
		f.Evidence = append(f.Evidence, ev...)
		f.actions = append(f.actions, look("kubectl describe pvc "+shell(claim.Name)+v.ns(), "why the claim is not bound"))
		break
	}
	if !seen && !v.s.Sees(analyze.KindPVC, v.o.Namespace) {
		f.gaps = append(f.gaps, missing(analyze.KindPVC, v.o.Namespace, "why the claim is not bound"))
	}
}

func (v *podView) claim(name string) (*analyze.Object, bool) {
	return v.world.find(analyze.KindPVC, v.o.Namespace, name)
}

func (w *world) whyUnbound(o *analyze.Object, claim *corev1.PersistentVolumeClaim) (string, []Evidence) {
	for _, e := range w.s.Events(o.Ref) {
		if e.Reason == "ProvisioningFailed" || e.Reason == "FailedBinding" {
			return ": " + shorten(e.Message, 160), []Evidence{event(e)}
		}
	}
	name := claim.Spec.StorageClassName
	if name == nil {
		for _, c := range analyze.All[*storagev1.StorageClass](w.s, analyze.KindStorage, "") {
			if c.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" {
				return "", nil
			}
		}
		if w.s.Sees(analyze.KindStorage, "") {
			return ": it names no storage class, and the cluster has no default one", []Evidence{proof(o.Ref, "spec.storageClassName", "")}
		}
		return "", nil
	}
	class, known := w.find(analyze.KindStorage, "", *name)
	if class == nil && known && *name != "" {
		return fmt.Sprintf(": storage class %q does not exist", *name), []Evidence{proof(o.Ref, "spec.storageClassName", *name)}
	}
	return fmt.Sprintf(" (storage class %q)", *name), []Evidence{proof(o.Ref, "spec.storageClassName", *name)}
}
