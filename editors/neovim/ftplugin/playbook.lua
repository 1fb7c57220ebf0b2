-- A playbook's buffer: comments, two blanks for a step, colours by tree-sitter where its parser is there, and the server.

if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = true
-- Without this, a file that is read anew would not come here again, and would be without its server.
vim.b.undo_ftplugin = 'setlocal comments< commentstring< suffixesadd< expandtab< shiftwidth< softtabstop< smartindent< formatoptions<'

vim.bo.comments = ':///,://'
vim.bo.commentstring = '// %s'
vim.bo.suffixesadd = '.playbook'
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
-- A step in behind `{`, back before `}`.
vim.bo.smartindent = true
vim.opt_local.formatoptions:remove('t')
vim.opt_local.formatoptions:append('croql')

local playbook = require('playbook')
playbook.colour(0)
playbook.start(0)
