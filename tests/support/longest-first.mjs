import Sequencer from '@jest/test-sequencer';

/** Folders by how long their longest file takes; what starts last should be short, or one worker works alone at the end. */
const LONGEST_FIRST = ['simulation', 'workflow', 'contract', 'unit'];

const rank = ({ path }) => LONGEST_FIRST.findIndex((folder) => path.includes(`/tests/${folder}/`));

// Jest takes a sequencer as a default export only.
// oxlint-disable-next-line import/no-default-export
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].sort((a, b) => rank(a) - rank(b));
  }
}
