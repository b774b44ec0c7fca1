"""The trainers' desk: course packages in and out, publishing."""
