module fluxd/tests/oracle/policy

go 1.19

require (
	github.com/Masterminds/semver/v3 v3.1.1
	github.com/ryanuber/go-glob v1.0.0
)
