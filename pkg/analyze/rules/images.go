package rules

import (
	"path"
	"strings"
)

// shells are programs that images without a shell lack.
func isShell(program string) bool {
	switch path.Base(program) {
	case "sh", "bash", "ash", "dash", "zsh", "busybox":
		return true
	}
	return false
}

// needsUserland says whether the program comes with a distribution, so that an
// image with nothing but an application has none.
func needsUserland(program string) bool {
	switch path.Base(program) {
	case "sleep", "kill", "pkill", "killall", "curl", "wget", "cat", "echo", "test", "true", "touch", "nc", "grep", "rm", "ls":
		return true
	}
	return isShell(program)
}

// imageName is the image without registry tag and digest.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	return image
}

// distroless says why the image's name promises that there is no shell, or "".
// Images with a debug or dev tag bring a shell.
func distroless(image string) string {
	name := strings.ToLower(imageName(image))
	tag := strings.ToLower(image[len(name):])
	if strings.Contains(tag, "debug") || strings.HasSuffix(tag, "-dev") {
		return ""
	}
	switch {
	case strings.Contains(name, "distroless"):
		return "distroless images hold no shell and no tools"
	case strings.Contains(name, "chainguard/static") || strings.Contains(name, "chainguard/glibc-dynamic"):
		return "this image holds no shell and no tools"
	case path.Base(name) == "pause" && strings.Contains(name, "/"):
		return "the pause image holds one program"
	}
	return ""
}
