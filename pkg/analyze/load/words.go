package load

import (
	"bytes"
	"reflect"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// wanted says in words what a Go type takes.
func wanted(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[resource.Quantity]():
		return "a quantity such as 100m or 1Gi"
	case reflect.TypeFor[intstr.IntOrString]():
		return "a whole number or a text"
	case reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.MicroTime]():
		return "a time such as 2026-01-02T15:04:05Z"
	case reflect.TypeFor[metav1.Duration]():
		return "a duration such as 30s"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return "a text in base64"
		}
		return "a list"
	default:
		return "an object"
	}
}

// mismatch says what is wrong with a value that a Go type does not take.
func mismatch(t reflect.Type, data []byte) string {
	if wanted(t) == "a whole number" && isInteger(data) {
		return "is out of range: " + string(data) + " does not fit in " + strconv.Itoa(t.Bits()) + " bits"
	}
	return "must be " + wanted(t) + ", not " + describe(data)
}

func isInteger(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("-"))
	return len(data) > 0 && len(bytes.Trim(data, "0123456789")) == 0
}

// maxQuoted is how much of a value a message repeats.
const maxQuoted = 40

// describe says in words what a JSON value is.
func describe(data []byte) string {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return "empty"
	}
	short := string(data)
	if data[0] == '"' {
		short = unquote(data)
	}
	if r := []rune(short); len(r) > maxQuoted {
		short = string(r[:maxQuoted]) + "…"
	}
	switch data[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "the text " + strconv.Quote(short)
	case 't', 'f':
		return string(data)
	case 'n':
		return "empty"
	}
	return "the number " + short
}
