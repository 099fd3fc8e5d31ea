"""What one can do: plan shifts, sign up, keep the hours. The only writers; they never commit, the edges do."""
