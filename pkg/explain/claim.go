package explain

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// explainClaim tells why a PersistentVolumeClaim is not bound, or not gone.
func (w *world) explainClaim(o *analyze.Object, c *corev1.PersistentVolumeClaim) *Explanation {
	x := w.blank(o)
	x.Phase = string(c.Status.Phase)
	var fs []finding
	switch {
	case c.DeletionTimestamp != nil:
		fs = append(fs, w.claimDeleting(o, c))
	case c.Status.Phase == corev1.ClaimLost:
		fs = append(fs, finding{Reason: Reason{
			ID: idClaimLost, Severity: analyze.Error, Certainty: Certain, Rule: "C384",
			Summary:  fmt.Sprintf("its volume %s does not exist any more", c.Spec.VolumeName),
			Evidence: []Evidence{proof(o.Ref, "status.phase", "Lost")},
		}, state: Stuck, says: fmt.Sprintf("is lost: its volume %s does not exist any more", c.Spec.VolumeName)})
	case c.Status.Phase != corev1.ClaimBound:
		fs = append(fs, w.claimPending(o, c))
	}
	x.apply(fs)
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: it is bound to volume %s", o.Ref, c.Spec.VolumeName)
	}
	x.Events = w.eventLines(fs, o.Ref)
	return w.finish(x)
}

func (w *world) claimPending(o *analyze.Object, c *corev1.PersistentVolumeClaim) finding {
	why, ev := w.whyUnbound(o, c)
	f := finding{Reason: Reason{
		ID: idPVCUnbound, Severity: analyze.Warning, Certainty: Certain, Rule: "C388",
		Summary:  "it is not bound" + why,
		Evidence: append([]Evidence{proof(o.Ref, "status.phase", string(c.Status.Phase))}, ev...),
	}, state: Waiting}
	waits := w.lastEvent(o.Ref, "WaitForFirstConsumer")
	if name := c.Spec.StorageClassName; name != nil {
		if class, _ := w.find(analyze.KindStorage, "", *name); class != nil {
			sc, ok := class.API.(*storagev1.StorageClass)
			if ok && sc.VolumeBindingMode != nil && *sc.VolumeBindingMode == storagev1.VolumeBindingWaitForFirstConsumer && w.lastEvent(o.Ref, "ProvisioningFailed") == nil {
				f.ID, f.Severity, f.Summary = idClaimWaits, analyze.Info, "it waits for a pod that uses it to be scheduled, as its storage class says"
			}
		}
	}
	if waits != nil && w.lastEvent(o.Ref, "ProvisioningFailed") == nil {
		f.ID, f.Severity, f.Summary = idClaimWaits, analyze.Info, "it waits for a pod that uses it to be scheduled, as its storage class says"
		f.Evidence = append(f.Evidence, event(waits))
	}
	if f.ID == idPVCUnbound && w.since(c.CreationTimestamp.Time) > time.Minute {
		f.Severity, f.state = analyze.Error, Stuck
	}
	f.says = "is pending: " + f.Summary
	f.actions = []Action{look("kubectl describe pvc "+shell(o.Name)+inNamespace(o.Namespace), "the provisioner's events")}
	return f
}

// claimDeleting is a claim that a pod still uses: the protection finalizer holds it.
func (w *world) claimDeleting(o *analyze.Object, c *corev1.PersistentVolumeClaim) finding {
	f := finding{Reason: Reason{
		ID: idClaimInUse, Severity: analyze.Warning, Certainty: Certain, Rule: "K86",
		Summary:  fmt.Sprintf("it was deleted %s ago and waits until no pod uses it", span(w.since(c.DeletionTimestamp.Time))),
		Evidence: []Evidence{proof(o.Ref, "metadata.finalizers", quoted(c.Finalizers, 5))},
	}, state: Terminating}
	if !slices.Contains(c.Finalizers, "kubernetes.io/pvc-protection") {
		f.ID, f.Summary = idFinalizer, fmt.Sprintf("it was deleted %s ago; finalizer %s is not removed", span(w.since(c.DeletionTimestamp.Time)), quoted(c.Finalizers, 3))
	}
	for _, po := range w.s.Of(analyze.KindPod, o.Namespace) {
		p, ok := po.API.(*corev1.Pod)
		if !ok || terminal(p) {
			continue
		}
		for i, v := range p.Spec.Volumes {
			if v.PersistentVolumeClaim != nil && v.PersistentVolumeClaim.ClaimName == o.Name {
				f.Evidence = append(f.Evidence, proof(po.Ref, fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", i), o.Name))
				f.Summary += ": " + po.String() + " does"
			}
		}
	}
	f.says = "is terminating: " + f.Summary
	return f
}
