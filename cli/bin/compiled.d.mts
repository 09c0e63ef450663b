export declare const OLDEST_NODE: number;
export declare const PROJECT: string;
export declare const COMPILED: string;
