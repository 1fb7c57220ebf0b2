-- For Neovim 0.11 and newer: what `vim.lsp.enable('playbook')` starts. `vim.lsp.config('playbook', { … })` changes it.

return {
  cmd = { 'playbook', 'lsp' },
  filetypes = { 'playbook' },
  root_markers = { 'playbooks', '.git' },
}
