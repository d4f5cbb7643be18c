#!/usr/bin/env node
import { exitWith } from './exit.ts';
import { createProgram } from './program.ts';

await exitWith(() => createProgram().parseAsync());
