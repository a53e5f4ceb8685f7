package validate

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxConfig is how many bytes a ConfigMap or Secret may hold.
const maxConfig = 1 << 20

// ConfigMap refuses keys, and more data than fits.
func ConfigMap(c *corev1.ConfigMap) field.ErrorList {
	var e errs
	size := 0
	for _, key := range slices.Sorted(maps.Keys(c.Data)) {
		e.configKey("data", key)
		if _, twice := c.BinaryData[key]; twice {
			invalid(&e, field.NewPath("data").Key(key), key, "duplicate of key present in binaryData")
		}
		size += len(c.Data[key])
	}
	for _, key := range slices.Sorted(maps.Keys(c.BinaryData)) {
		e.configKey("binaryData", key)
		size += len(c.BinaryData[key])
	}
	if size > maxConfig {
		e.add(field.TooLong(field.NewPath("data"), "", maxConfig))
	}
	return e.list
}

// Secret refuses keys, and more data than fits. Values are not looked at.
func Secret(s *corev1.Secret) field.ErrorList {
	var e errs
	size := 0
	for _, key := range slices.Sorted(maps.Keys(s.Data)) {
		e.configKey("data", key)
		size += len(s.Data[key])
	}
	for _, key := range slices.Sorted(maps.Keys(s.StringData)) {
		e.configKey("data", key) // where the server has put it when it judges
		size += len(s.StringData[key])
	}
	if size > maxConfig {
		e.add(field.TooLong(field.NewPath("data"), "", maxConfig))
	}
	return e.list
}

func (e *errs) configKey(part, key string) {
	invalid(e, field.NewPath(part).Key(key), key, validation.IsConfigMapKey(key)...)
}
