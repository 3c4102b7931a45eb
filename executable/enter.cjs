'use strict'
// An ordinary file, unlike the text inside the executable: it may import modules, compiled once for all starts.
const { enableCompileCache } = require('node:module')

enableCompileCache(`${__dirname}.compiled`)
import('./dist/probant.js')
