-- Playbooks in Neovim, from 0.7 on: starts `playbook lsp` once for each folder of work, and does what its lenses ask for.
--
--   require('playbook').setup({ cmd = { '/somewhere/playbook', 'lsp' }, on_attach = … })
--
-- takes whatever vim.lsp.start_client takes, and is only needed where the command is not in the path or keys are to be set.

local M = {}

local options = {}

-- Folder by folder, the client that is at work there; only where vim.lsp.start does not remember it.
local clients = {}

function M.setup(given)
  options = given or {}
end

local function is_there(path)
  return vim.loop.fs_stat(path) ~= nil
end

-- The folder that the server is started for: the nearest with `playbooks` or a repository in it, or else the file's own.
function M.root(file)
  local own = vim.fn.fnamemodify(file, ':p:h')
  local folder = own
  while true do
    if is_there(folder .. '/playbooks') or is_there(folder .. '/.git') then
      return folder
    end
    local above = vim.fn.fnamemodify(folder, ':h')
    if above == folder then
      return own
    end
    folder = above
  end
end

local function config(root)
  return vim.tbl_deep_extend('force', {
    name = 'playbook',
    cmd = { 'playbook', 'lsp' },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = vim.fn.fnamemodify(root, ':t') } },
  }, options)
end

-- Starts the server for a buffer, or joins the one that is there. Says so, once, where the command is not.
function M.start(buffer)
  buffer = buffer == 0 and vim.api.nvim_get_current_buf() or buffer
  local name = vim.api.nvim_buf_get_name(buffer)
  if name == '' or vim.bo[buffer].buftype ~= '' then
    return
  end
  local root = M.root(name)
  local wanted = config(root)
  if vim.fn.executable(wanted.cmd[1]) == 0 then
    vim.notify_once(('playbook: there is no command `%s`'):format(wanted.cmd[1]), vim.log.levels.WARN)
    return
  end
  if vim.lsp.start then
    vim.lsp.start(wanted, { bufnr = buffer })
    return
  end
  local id = clients[root]
  if not (id and vim.lsp.get_client_by_id(id)) then
    id = vim.lsp.start_client(wanted)
    clients[root] = id
  end
  if id then
    vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc'
    vim.bo[buffer].tagfunc = 'v:lua.vim.lsp.tagfunc'
    vim.lsp.buf_attach_client(buffer, id)
  end
end

-- Colours by tree-sitter, where `parser/playbook.so` is in the runtime path.
function M.colour(buffer)
  if #vim.api.nvim_get_runtime_file('parser/playbook.*', false) == 0 then
    return
  end
  if vim.treesitter.start then
    vim.treesitter.start(buffer, 'playbook')
  else
    vim.treesitter.highlighter.new(vim.treesitter.get_parser(buffer, 'playbook'))
  end
end

local function program()
  return (options.cmd or { 'playbook' })[1]
end

local function folder(client)
  return client:match('^file:') and vim.uri_to_fname(client) or client
end

-- What the server's lenses ask the editor for.
vim.lsp.commands['playbook.runTest'] = function(command)
  local asked = command.arguments[1]
  vim.cmd('botright new')
  vim.fn.termopen({ program(), 'test', folder(asked.client), '--filter=' .. asked.test })
end

vim.lsp.commands['playbook.simulate'] = function(command)
  local asked = command.arguments[1]
  vim.cmd('botright new')
  vim.fn.termopen({ program(), 'simulate', '--', folder(asked.client), asked.scenario })
end

vim.lsp.commands['playbook.showContacts'] = function(command)
  local asked = command.arguments[1]
  vim.ui.select(asked.contacts, {
    prompt = asked.title,
    format_item = function(contact)
      return contact.detail and (contact.name .. '  ' .. contact.detail) or contact.name
    end,
  }, function() end)
end

return M
