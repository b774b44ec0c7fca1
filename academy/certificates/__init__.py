"""Certificates: issuing, replacing, revoking, their register, public verification, and the paper itself."""
