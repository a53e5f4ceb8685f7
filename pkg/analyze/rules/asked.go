package rules

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// dependency is the other host that the command of a liveness probe asks. Only single
// commands of tools that name their host are read; a variable may be the pod itself.
func dependency(h handler) (host string, ok bool) {
	words, _ := h.command()
	if h.name != "livenessProbe" || len(words) == 0 {
		return "", false
	}
	if isShell(words[0]) {
		words = single(words)
	}
	if len(words) > 2 && path.Base(words[0]) == "timeout" {
		words = words[2:]
	}
	host = strings.Trim(asked(words), "[]")
	return host, foreign(host)
}

// single are the words of a shell's script that is one command without variables
// of its own; nil for any other.
func single(command []string) []string {
	if len(command) != 3 || !strings.HasPrefix(command[1], "-") {
		return nil
	}
	script := strings.TrimSuffix(strings.TrimSpace(command[2]), "|| exit 1")
	if strings.ContainsAny(script, ";&|\n`(<") {
		return nil
	}
	return strings.Fields(strings.NewReplacer(`"`, "", "'", "", ">", " > ").Replace(script))
}

// aName is a host name or address: no variable, no placeholder.
var aName = regexp.MustCompile(`^([a-z][a-z0-9-]*|[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+|[0-9a-f]*:[0-9a-f:]+)$`)

func foreign(host string) bool {
	return aName.MatchString(host) && !local(host) && !strings.HasPrefix(host, "127.") && host != "0.0.0.0" && !placeholder.MatchString(host)
}

// asked is the host that a command talks to, or "".
func asked(words []string) string {
	if len(words) < 2 {
		return ""
	}
	args := words[1:]
	switch path.Base(words[0]) {
	case "nc", "ncat", "netcat":
		plain := slices.DeleteFunc(slices.Clone(args), func(w string) bool { return strings.HasPrefix(w, "-") })
		if n := len(plain); n >= 2 { // what comes before may be the value of an option
			return plain[n-2]
		}
	case "curl", "wget":
		for _, w := range args {
			if u, err := url.Parse(w); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
				return u.Hostname()
			}
		}
	case "pg_isready", "psql", "mysqladmin", "mysql", "mariadb-admin", "redis-cli":
		return hostOption(args)
	}
	return ""
}

func hostOption(args []string) string {
	for i, w := range args {
		if v, found := strings.CutPrefix(w, "--host="); found {
			return v
		}
		if (w == "-h" || w == "--host") && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}
