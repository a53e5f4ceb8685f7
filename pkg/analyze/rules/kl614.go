package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func storageClassMissing() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL614", Name: "storage-class-missing",
		Title:    "no volume is ever made for the claim",
		Severity: analyze.Error,
		Kinds:    kinds(analyze.KindPVC, analyze.KindStatefulSet),
		Needs:    kinds(analyze.KindStorage, analyze.KindPV),
		Sources:  []analyze.Citation{behaviour("C384"), page("concepts/storage/persistent-volumes/#class-1")},
		Applies:  func(p *analyze.Pass) bool { return len(classes(p.Object)) > 0 },
		Check: func(p *analyze.Pass) {
			for _, c := range classes(p.Object) {
				if !offered(p.Snapshot, c.name) {
					p.Report(c.path, "there is no StorageClass %q: the claim stays Pending, and with it every pod", c.name).
						Fix("use a class that `kubectl get storageclass` lists, or leave it out for the default one")
				}
			}
		},
	}
}

// classes are the storage classes that the object's claims name.
func classes(o *analyze.Object) []usedClaim {
	var out []usedClaim
	add := func(s *corev1.PersistentVolumeClaimSpec, path *field.Path) {
		if s.StorageClassName != nil && *s.StorageClassName != "" && s.VolumeName == "" {
			out = append(out, usedClaim{*s.StorageClassName, path.Child("storageClassName")})
		}
	}
	switch w := o.API.(type) {
	case *corev1.PersistentVolumeClaim:
		add(&w.Spec, field.NewPath("spec"))
	case *appsv1.StatefulSet:
		for i := range w.Spec.VolumeClaimTemplates {
			add(&w.Spec.VolumeClaimTemplates[i].Spec, field.NewPath("spec", "volumeClaimTemplates").Index(i).Child("spec"))
		}
	}
	return out
}

// offered says whether there is a class of that name, or a volume made by hand
// that carries it.
func offered(s *analyze.Snapshot, class string) bool {
	for _, o := range s.Of(analyze.KindStorage, "") {
		if o.Name == class {
			return true
		}
	}
	for _, v := range analyze.All[*corev1.PersistentVolume](s, analyze.KindPV, "") {
		if v.Spec.StorageClassName == class {
			return true
		}
	}
	return false
}
