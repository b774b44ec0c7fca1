"""The administrators' desk: people and roles, enrolments, certificates, and the audit log. Auditors read it."""
