# kubectl-lifecycle. `make` builds, lints and tests; nothing here needs a cluster
# except the targets that say so.

BIN      := bin/kubectl-lifecycle
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS  := -s -w -X main.version=$(VERSION)
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
SNAPS    := testdata/cluster

.PHONY: all build test race lint vuln golden fuzz bench demo rule docs install clean \
        cluster-up cluster-down test-api e2e record-truth

all: build lint test

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)" -o $(BIN) ./cmd/kubectl-lifecycle

# Everything that can be tested without a cluster, with the race detector.
test:
	go vet ./...
	go test -race -timeout 20m ./...

lint:
	@if command -v golangci-lint >/dev/null 2>&1 && golangci-lint version 2>/dev/null | grep -q ' 2\.15'; \
	then golangci-lint run ./...; else go run $(GOLANGCI) run ./...; fi
	@$(MAKE) --no-print-directory vuln licences

# Known vulnerabilities; needs vuln.go.dev, so that offline it says why it did not
# run. Code 3 is govulncheck's "something was found".
VULN := golang.org/x/vuln/cmd/govulncheck@v1.9.0
vuln:
	@if ! out=$$(GOBIN=$(CURDIR)/bin go install $(VULN) 2>&1); then \
	  echo "govulncheck skipped: it cannot be built here: $$(echo "$$out" | tail -n 1)"; exit 0; fi; \
	out=$$(bin/govulncheck ./... 2>&1); code=$$?; \
	case "$$code:$$out" in \
	  0:*|3:*) echo "$$out" | tail -n 5; exit $$code;; \
	  *"vuln.go.dev"*|*"dial tcp"*|*"no such host"*) echo "govulncheck skipped: the vulnerability database cannot be reached";; \
	  *) echo "$$out" | tail -n 5; exit $$code;; esac

# Rewrite the golden files; look at the diff before you commit it.
golden:
	go test ./pkg/render ./cmd/... -update

FUZZTIME ?= 30s
fuzz:
	@for pkg in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	  echo "$$pkg $$f"; go test $$pkg -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x || exit 1; done; done

bench:
	go test -run '^$$' -bench . -benchmem ./...

# The three commands on data recorded from real clusters.
demo: build
	@for args in \
	  "explain -f $(SNAPS)/rollout-stuck.yaml deployment/web" \
	  "termination-timeline -f testdata/examples/preview/web.yaml" \
	  "lint -f testdata/examples/preview/web.yaml --fail-on never"; do \
	  printf '\n$$ kubectl lifecycle %s\n\n' "$$args"; $(BIN) $$args || exit 1; done

# Skeletons of a new lint rule: make rule ID=KL117 NAME=short-name
rule:
	go run ./pkg/analyze/rules/newrule $(ID) $(NAME)

install: build
	install -m 0755 $(BIN) $${GOBIN:-$$(go env GOPATH)/bin}/kubectl-lifecycle

clean:
	rm -rf bin dist

# Compares the STATUS column with the API server's own printer; downloads Kubernetes' source.
.PHONY: test-printer
test-printer:
	$(MAKE) -C test/printer test

# The rest needs a real Kubernetes, built from source by test/cluster.
cluster-up cluster-down test-api e2e record-truth:
	$(MAKE) -C test/cluster $@

# What a release consists of: six archives, checksums, bills of materials and the
# krew manifest. The same commit gives the same bytes.
RELEASE ?= $(if $(filter v%,$(VERSION)),$(VERSION),v0.0.0-g$(VERSION))
.PHONY: dist release-check licences docs
dist:
	go run ./krew/dist -version $(RELEASE) -out dist

# Builds the release twice, installs it with the real krew, runs it through
# kubectl and measures it. Needs the module proxy, says what it skipped.
release-check: dist
	go run ./krew/check -dist dist -version $(RELEASE)

# The licences of all that is linked into the program, on any platform.
licences:
	@go run ./krew/dist -licences

# Rewrite what the documents show: command output, the reference, the picture.
docs:
	go test ./cmd/... -run 'TestDocuments|TestExamples|TestReference|TestPicture|TestRulesPage' -update
